"""Functions under the names that users of other packages know.

``iocpack.compat.iocextract`` and ``iocpack.compat.ioc_finder``: each module
says where it answers differently, and why. What is not covered raises
``NotImplementedError``, so that nothing goes missing in silence.
``examples/compare.py``, beside the sources, runs both on files of your own.
"""
