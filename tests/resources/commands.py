"""Commands of the app, run in this process as on a terminal."""

import contextlib
import io

import cli


def run(*arguments):
    """(exit code, what stood on stdout, what stood on stderr)."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = cli.main(list(arguments))
    return code, out.getvalue(), error.getvalue()
