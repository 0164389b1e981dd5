"""Other people's systems: asked over HTTP on behalf of a call flow, or told of something."""
