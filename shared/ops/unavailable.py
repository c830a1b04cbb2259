"""What to raise when a neighbour that this process cannot do without is away."""


class Unavailable(RuntimeError):
    """Database or bus do not answer now. Nobody's input is to blame: try again, for as long as it takes."""
