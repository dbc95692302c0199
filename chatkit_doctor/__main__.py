"""Entry point of `chatkit-doctor` and of `python -m chatkit_doctor`.

What is imported here comes before the working directory is off the path: no more than Python itself has loaded, so
not even `__future__`, which is a module like any other.
"""

import os
import sys

from chatkit_doctor import __version__

_FAILED = 2
_INTERRUPTED = 130
_PIPE_CLOSED = 141


def main() -> None:
    """Run the command line. Whatever goes wrong in the tool itself ends it with 2 and one line, never a traceback."""
    _leave_working_directory()
    _open_closed_streams()
    try:
        try:
            sys.exit(_run(sys.argv[1:]))
        finally:
            # Here and not at exit, where a reader that went away would leave a complaint on standard error.
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, say) went away.
        _drop_output()
        sys.exit(_PIPE_CLOSED)
    except Exception as error:  # noqa: BLE001 - the last place that can still say it in one line
        import traceback

        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - no other use for pathlib here
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        from chatkit_doctor.reports.edge import printed

        said = f"chatkit-doctor itself failed: {reason} ({place})"
        if isinstance(error, OSError) and not _is_somewhere():
            said = "the working directory is gone; change to one that is there"
        sys.stderr.write(f"{printed(f'error: {said}')}\n")
        _drop_output()
        sys.exit(_FAILED)


def at_once() -> None:
    """Run the command line and end the process. What a scan has made need not be taken apart, piece by piece, first."""
    try:
        main()
    except SystemExit as end:
        code = 0 if end.code is None else end.code
        if not isinstance(code, int) or "typer" in sys.modules:
            raise
        sys.stderr.flush()
        os._exit(code)


def _run(words: list[str]) -> int:
    """Return the exit code of a call. What can be answered before typer loads is; raises SystemExit for the rest."""
    is_for_completion = any(name.endswith("_COMPLETE") for name in os.environ)
    if not is_for_completion:
        if words == ["--version"]:
            sys.stdout.write(f"chatkit-doctor {__version__}\n")
            return 0
        from chatkit_doctor.commands.front import answer

        code = answer(words)
        if code is not None:
            return code
    from chatkit_doctor.commands.cli import app

    app()
    return 0


def _leave_working_directory() -> None:
    """Take the working directory off Python's path: a project may have a module of any name that is imported later.

    `python -m` puts it first, an entry of PYTHONPATH may name it. It stays where the doctor itself lies in it.
    """
    try:
        here = os.path.realpath(os.getcwd())  # noqa: PTH109 - no other use for pathlib here
    except OSError:
        return
    if here == os.path.realpath(os.path.dirname(os.path.dirname(__file__))):  # noqa: PTH120
        return
    given = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    # What Python itself has put behind these may well be where somebody works.
    first = len(list(filter(None, given.split(os.pathsep)))) + (not sys.flags.safe_path)
    sys.path[:first] = [each for each in sys.path[:first] if os.path.realpath(each or here) != here]


def _is_somewhere() -> bool:
    """Return whether the working directory is there: somebody may have removed it."""
    try:
        os.getcwd()  # noqa: PTH109 - no other use for pathlib here
    except OSError:
        return False
    return True


def _open_closed_streams() -> None:
    """Give a call with closed output (`>&-`) one that goes nowhere; Python has None for it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def _drop_output() -> None:
    """Let what is still buffered go nowhere, so that it does not raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    at_once()
