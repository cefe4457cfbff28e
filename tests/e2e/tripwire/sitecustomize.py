"""Every Python that is started with this folder on PYTHONPATH notes and refuses unpickling.

Python imports a module of this name at its start. The stack of whoever unpickles is added to the
file that TRIPWIRE_LOG names, because the failure itself may be caught. `pickle` takes these from
`_pickle` as it is imported, so whoever imports it later has no way around.
"""

import _pickle
import os
import traceback


def _note():
    with open(os.environ["TRIPWIRE_LOG"], "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write("".join(traceback.format_stack()[:-1]) + "\n")
    raise RuntimeError("unpickled")


def _refuse(*_arguments, **_options):
    _note()


class _Unpickler(_pickle.Unpickler):
    def load(self):
        _note()


if "TRIPWIRE_LOG" in os.environ:
    _pickle.load = _pickle.loads = _refuse
    _pickle.Unpickler = _Unpickler
    import pickle

    pickle._load = pickle._loads = _refuse
    pickle._Unpickler.load = _refuse
