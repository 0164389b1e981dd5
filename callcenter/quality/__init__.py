"""How well calls were handled: forms, evaluations of recordings, samples, calibrations."""
