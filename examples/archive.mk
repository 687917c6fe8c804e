# An archive of one or several users, stage by stage, into a folder that is ready for the Internet Archive:
#
#   make -f archive.mk USER=ada QUALITY=original             mapillary-ada-original, with JPEG files
#   make -f archive.mk USER="ada grace" WEBP=yes             mapillary-ada-original-webp, and that of grace
#   make -f archive.mk update USER=ada                       what has come since: addenda, for cron
#   make -f archive.mk verify USER=ada                       every byte of it
#   make -f archive.mk upload USER=ada                       to archive.org, by the commands in stages/*/upload.sh
#
# Each target is there only when it is complete: stop it, kill it, run it again. Users that archive.org holds already are
# left out; 'archive' does the same without asking.

SHELL       := bash
.SHELLFLAGS := -o pipefail -ec
.DELETE_ON_ERROR:

QUALITY ?= original
# yes: WebP in place of JPEG.
WEBP    ?=
# What stands together in a tar: date, or month for those who take pictures on more than 150 days.
BY      ?= date
# yes: go on without the pictures that are not to be had in this quality. They stand in stages/COLLECTION/missing.csv.
PARTIAL ?=
# Where the rows of each stage are kept. The collections lie in the folder where make is called.
STAGES  ?= stages
# Where the tools are; empty when they are on the PATH.
BIN     ?=
# More flags: for every tool, such as -q; for those that ask Mapillary, such as --rate 5; for the one that asks
# archive.org; for the tags in the pictures, for WebP, and for the description.
TOOL_FLAGS ?=
FLAGS      ?=
IA_FLAGS   ?=
TAG_FLAGS  ?= --zone position --position raw --altitude raw --direction raw
WEBP_FLAGS ?=
META_FLAGS ?=

# In the environment it is the name of whoever calls make.
ifneq ($(origin USER),command line)
$(error no user: name the Mapillary users, such as USER="ada grace")
endif

# What an item at archive.org can be named. Nothing is asked for a user whose collection could not go there in the end,
# and no other character reaches a rule or a shell.
letters := a b c d e f g h i j k l m n o p q r s t u v w x y z \
	A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 0 1 2 3 4 5 6 7 8 9 . _ -
# $1, with $2 in the place of each of the letters $3.
replaced = $(if $3,$(call replaced,$(subst $(firstword $3),$2,$1),$2,$(wordlist 2,$(words $3),$3)),$1)
other = $(call replaced,$1,,$(letters))
long = $(word 101,$(call replaced,mapillary-$1-$(QUALITY)$(if $(WEBP),-webp),/ ,$(letters)))
unfit := $(strip $(foreach user,$(value USER),$(if $(call other,$(user))$(call long,$(user)),'$(user)')))
ifneq ($(words $(unfit)),0)
$(error archive.org can have no item with the name of the user $(unfit): letters, digits, '.', '_', '-', and at most 100 \
	in mapillary-USER-$(QUALITY)$(if $(WEBP),-webp). The steps by hand, without ia-meta, make its tars all the same)
endif
override USER := $(sort $(USER))
ifeq ($(words $(USER)),0)
$(error no user: name the Mapillary users, such as USER="ada grace")
endif

COLLECTION := mapillary-%-$(QUALITY)$(if $(WEBP),-webp)
stage = $(USER:%=$(STAGES)/$(COLLECTION)/$1)

.PHONY: all archive update verify upload
.NOTPARALLEL:

all: $(call stage,check.csv)
	@users="$$(awk -F, 'FNR > 1 { print $$2 }' $^ < /dev/null)"; [ -z "$$users" ] || \
		$(MAKE) --no-print-directory -f $(firstword $(MAKEFILE_LIST)) archive USER="$$users"

archive: $(call stage,upload.sh)

# Listed anew; what was fetched, tagged or packed before is kept.
update:
	rm -f $(call stage,images.csv)
	@$(MAKE) --no-print-directory -f $(firstword $(MAKEFILE_LIST)) archive

verify:
	for user in $(USER); do $(BIN)verify-archive $(TOOL_FLAGS) "$(subst %,$$user,$(COLLECTION))"; done

upload: $(call stage,uploaded)

$(call stage,check.csv): $(STAGES)/$(COLLECTION)/check.csv:
	@mkdir -p $(@D)
	$(BIN)ia-check $(TOOL_FLAGS) '$(subst %,$*,$(COLLECTION))' $(IA_FLAGS) -o $@

$(call stage,images.csv): $(STAGES)/$(COLLECTION)/images.csv:
	@mkdir -p $(@D)
	$(BIN)get-images $(TOOL_FLAGS) '--user=$*' $(FLAGS) -o $@

$(call stage,meta.csv): %/meta.csv: %/images.csv
	$(BIN)get-meta $< $(TOOL_FLAGS) --quality $(QUALITY) $(FLAGS) -o $@ --failed $*/gone.csv

$(call stage,pictures.csv): $(STAGES)/%/pictures.csv: $(STAGES)/%/meta.csv
	$(BIN)download $< $(TOOL_FLAGS) --into '$*' --layout date --quality $(QUALITY) $(FLAGS) -o $@ --failed $(@D)/missing.csv \
		$(if $(PARTIAL),--accept-failed || [ $$? = 1 ])

$(call stage,tagged.csv): %/tagged.csv: %/pictures.csv
	$(BIN)tag-exif $< $(TOOL_FLAGS) $(TAG_FLAGS) -o $@

$(call stage,webp.csv): %/webp.csv: %/tagged.csv
	$(BIN)to-webp $< $(TOOL_FLAGS) --delete $(WEBP_FLAGS) -o $@

$(call stage,packed.csv): $(STAGES)/%/packed.csv: $(STAGES)/%/$(if $(WEBP),webp,tagged).csv
	$(BIN)pack-tar $< $(TOOL_FLAGS) --into '$*' --by $(BY) --delete -o $@
	if [ -d '$*' ]; then find '$*' -mindepth 1 -type d -empty -delete; fi

$(call stage,upload.sh): $(STAGES)/%/upload.sh: $(STAGES)/%/packed.csv
	if ls '$*'/*.tar > /dev/null 2>&1; \
	then $(BIN)ia-meta $(TOOL_FLAGS) '$*' $(META_FLAGS) -o $@; \
	else echo "'$*' has no pictures: there is nothing to upload" | tee /dev/stderr | sed 's/^/# /' > $@; fi

# The commands tell the size and the names of all files: as long as they are the same, all is there.
$(call stage,uploaded): %/uploaded: %/upload.sh
	cmp -s $< $@ || sh $<
	cp $< $@
