"""The single faults, each an act on a `Ground`: it does the deed and returns figures beside goals.

Names and goals are those of docs/reliability.md. An act judges by what telephones, the observer and
the checker saw; it leaves the ground as it found it.
"""
