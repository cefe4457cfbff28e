"""The one door to onnxruntime: bytes of a graph → a session that runs it.

Builds of onnxruntime since 1.29 send figures of their use to their maker, and keep an identifier
of the machine for that, unless the environment says otherwise before the library is loaded. So
nothing else may import it.
"""

from __future__ import annotations

import os
from typing import Any


def open_session(graph: bytes) -> Any:
    """An onnxruntime.InferenceSession on the processor; raises what onnxruntime raises where it
    can't read the graph, which is a class of its own for each reason."""
    # Read once, when the library is loaded; without it the process would write an identifier to
    # the user's cache folder and call out to the network.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread inside a text: onnxruntime's own threads wait for each other by spinning.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The graph is built as it shall run; this also halves the time to open it.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.enable_mem_pattern = False  # patterns are kept for every length ever seen
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
