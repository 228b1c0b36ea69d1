# A fork server: reads much once, then has a child of its own answer each request, and that a grandchild each some.
# Figures: server.fork_ms (the median of fork(), until the parent goes on), server.requests_per_s.
import os
import sys
import time

ITEMS = 1000000  # some 40 MB of them on a 32-bit machine, twice that on others
REQUESTS = 100


def answer(data, start):
    """What a request asks for: 1,000 items; who reads them writes to them, too, for Python counts its references there."""
    return sum(data[i][0] for i in range(start, len(data), len(data) // 1000))


def in_child(work):
    """Runs work() in a child: how long the fork took, in s, and what it returned."""
    read, write = os.pipe()
    begun = time.perf_counter()
    pid = os.fork()
    if not pid:
        os.write(write, str(work()).encode())
        os._exit(0)
    took = time.perf_counter() - begun
    os.close(write)
    result = os.read(read, 100)
    os.close(read)
    _, status = os.waitpid(pid, 0)
    if status:
        sys.exit(f"a child ended with status {status}")
    return took, int(result)


def main():
    data = [(i, ) for i in range(ITEMS)]
    forks = []
    begun = time.perf_counter()
    for i in range(REQUESTS):
        def work(start=i):
            if start % 10 == 0:
                return in_child(lambda: answer(data, start))[1]
            return answer(data, start)
        took, got = in_child(work)
        forks.append(took)
        want = sum(range(i, ITEMS, ITEMS // 1000))
        if got != want:
            sys.exit(f"request {i}: {got}, not {want}")
    print(f"# figure server.fork_ms {sorted(forks)[REQUESTS // 2] * 1000:.3f} ms")
    print(f"# figure server.requests_per_s {REQUESTS / (time.perf_counter() - begun):.2f} 1/s")


main()
