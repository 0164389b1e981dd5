"""Other systems are told what happens here, signed, and as often as it takes."""
