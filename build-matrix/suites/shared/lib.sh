# What the scripts of several suites need: `. /suite/lib.sh`.

# wanted NAME: $only names it, with commas between the names, or is empty
wanted() {
	case ${only:+,}$only, in
	, | *,"$1",*) return 0 ;;
	esac
	return 1
}

# counter NAME: one of shared page tables; 0 in a kernel that has none
counter() { cat "/sys/kernel/mm/shpte/$1" 2>/dev/null || echo 0; }

shpte_on() { [ -d /sys/kernel/mm/shpte ]; }

# last_words N: what a test that failed said at its end, as diagnostics
last_words() { tail -n "$1" /scratch/out | cut -c1-200 | sed 's/^/# /'; }
