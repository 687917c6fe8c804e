# make demo: see it work. make demo-shell: try it. make test: all tests. make check: format, lints, docs. They set up what they need.

CARGO ?= cargo
PREFIX ?= /usr/local
# Asked only by the targets that need it.
BUILT = $$("$(CURDIR)/scripts/lib/target-dir")/release

.PHONY: demo demo-shell test check tools install bench clean

demo:
	@scripts/demo

# Examples find what they need of this folder in ROOT.
demo-shell:
	@scripts/lib/build --quiet
	@mkdir -p demo
	@cd demo && ROOT="$(CURDIR)" "$(BUILT)/mly" demo --town town || true

test:
	@scripts/setup
	$(CARGO) test --quiet --lib --test it
	$(CARGO) test --quiet --doc

check:
	@scripts/check

tools:
	@scripts/lib/build

install: tools
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/man/man1"
	install -m 755 "$(BUILT)/mly" "$(DESTDIR)$(PREFIX)/bin/mly"
	@for tool in $$(ls src/bin | sed 's/\.rs$$//' | grep -vx -e mly -e login); do \
		ln -sf mly "$(DESTDIR)$(PREFIX)/bin/$$tool"; done
	"$(BUILT)/mly" man "$(DESTDIR)$(PREFIX)/share/man/man1"
	"$(BUILT)/mly" completions bash "$(DESTDIR)$(PREFIX)/share/bash-completion/completions"
	"$(BUILT)/mly" completions zsh "$(DESTDIR)$(PREFIX)/share/zsh/site-functions"
	"$(BUILT)/mly" completions fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"

bench:
	@scripts/bench

clean:
	$(CARGO) clean
	rm -rf demo
