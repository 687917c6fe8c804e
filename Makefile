# make demo: see it work. make test: all tests. Both set up what they need.

CARGO ?= cargo
PREFIX ?= /usr/local

.PHONY: demo test tools install bench clean

demo:
	@scripts/demo

test:
	@scripts/setup
	$(CARGO) test --quiet --lib --test it
	$(CARGO) test --quiet --doc

tools:
	@scripts/setup
	$(CARGO) build --release --bins

install: tools
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 target/release/mly $(DESTDIR)$(PREFIX)/bin/mly
	@for tool in $$(ls src/bin | sed 's/\.rs$$//' | grep -v '^mly$$'); do \
		ln -sf mly $(DESTDIR)$(PREFIX)/bin/$$tool; done
	target/release/mly man $(DESTDIR)$(PREFIX)/share/man/man1

bench:
	@scripts/bench

clean:
	$(CARGO) clean
	rm -rf demo
