# make        the main job: from a fresh machine to a page with the verdict
# make matrix the same on every machine of build-matrix/arch
# make check  the tests
# make bench  the figures of merit

CELLS ?= 6.12/i386-pae/*

all: build/deps build/shpte
	@build/shpte matrix '$(CELLS)' --report

MATRIX ?= 6.12/*

matrix: build/deps build/deps.matrix build/shpte
	@build/shpte matrix '$(MATRIX)' --report

CFLAGS ?= -O2 -g
OUR_CFLAGS = -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -MMD -MP
LIBS = libgit2 libarchive sqlite3 jansson

ROOMS = lib kernels rebase build-matrix reports
SRC = shpte.c $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))
OBJ = $(SRC:%.c=build/obj/%.o)

# Packages that are missing are installed; a stamp keeps the check out of later runs.
build/deps: packages
	@sh lib/install-packages packages
	@mkdir -p build && touch $@

# Compilers, C libraries and emulators of all machines, and what runs their Debian's programs while a root is made; what this
# Debian release does not have is a verdict.
# QEMU's packages share files: all of them are of the version that `packages` asks for.
build/deps.matrix: $(wildcard build-matrix/arch/*.conf) packages
	@mkdir -p build
	@{ sed -n 's/^[[:space:]]*\(cross-\)\?package = //p' $(filter %.conf,$^); echo qemu-user-static; } | sort -u | \
		sed "s/^qemu-.*/& $$(sed -n 's/^qemu-system-x86 //p' packages)/" >build/packages.matrix
	@sh lib/install-packages --if-known build/packages.matrix
	@touch $@

build/shpte: $(OBJ)
	@echo "  LD $@"
	@$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs $(LIBS)) -lm $(LDFLAGS)

build/obj/%.o: %.c | build/deps
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(OUR_CFLAGS) $(CFLAGS) $$(pkg-config --cflags $(LIBS)) -c -o $@ $<

-include $(OBJ:.o=.d)

# One program a unit test, linked with everything but main().
UNIT = $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*.c))

build/unit/%: tests/unit/%.c $(filter-out build/obj/shpte.o,$(OBJ))
	@mkdir -p $(@D)
	@echo "  CC $@"
	@$(CC) $(OUR_CFLAGS) -MF build/obj/unit-$*.d $(CFLAGS) $$(pkg-config --cflags $(LIBS)) -o $@ $^ $$(pkg-config --libs $(LIBS)) -lm -lcmocka

-include $(UNIT:build/unit/%=build/obj/unit-%.d)

check: build/shpte $(UNIT)
	@CMOCKA_MESSAGE_OUTPUT=TAP tests/run $(TESTS)

bench: build/shpte
	@tests/bench

clean:
	rm -rf build reports/site

.PHONY: all matrix check bench clean
