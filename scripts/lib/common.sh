# Sourced by the scripts: where the checkout is, how to fail, how to take turns. Needs `root` to be set.

tools=$root/.tools

# The last words of a script: what is wrong and what to do about it.
die() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

# One process at a time makes something in .tools. The lock goes with the file descriptor.
take_turn() {
    mkdir -p "$tools"
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$tools/lock"
        flock 9
    fi
}

python=${PYTHON:-python3}

need_python() {
    command -v "$python" >/dev/null 2>&1 || die "\`$python\` was not found; install Python 3.9 or later, or set PYTHON"
}
