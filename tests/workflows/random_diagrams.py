"""Draws diagrams of sequences, parallels, choices and loops in each other, for property tests."""

from itertools import count

from hypothesis import strategies as st

from tests.workflows.diagrams import a_process

KINDS_OF_STEP = [{}, {"seat": "县级"}, {"skip_when": "skip"}, {"blocking": "false"}]


@st.composite
def random_processes(draw):
    """Draw a BPMN file with a process "main"; its conditions ask for the boolean fact `skip` and for outcomes."""
    drawing = Drawing(draw, KINDS_OF_STEP)
    return a_process("main", *drawing.whole(), **drawing.nodes)


class Drawing:
    """A diagram put together from blocks; each shape returns the ids of its first and last node."""

    def __init__(self, draw, kinds_of_step):
        self.draw = draw
        self.kinds_of_step = kinds_of_step
        self.ways = []
        self.nodes = {}
        self.numbers = count(1)

    def whole(self):
        """Return the ways of a diagram from start to end, whose nodes are then known."""
        first, last = self.block(depth=3)
        return [f"start > {first}", *self.ways, f"{last} > end"]

    def new(self, kind):
        return f"{kind}_{next(self.numbers)}"

    def block(self, depth):
        shapes = [self.step, self.sequence, self.parallel, self.choice, self.loop] if depth else [self.step]
        return self.draw(st.sampled_from(shapes))(depth - 1)

    def step(self, _depth):
        name = self.new("step")
        self.nodes[name] = self.draw(st.sampled_from(self.kinds_of_step))
        return name, name

    def sequence(self, depth):
        first, middle = self.block(depth)
        then, last = self.block(depth)
        self.ways.append(f"{middle} > {then}")
        return first, last

    def parallel(self, depth):
        return self.between(self.new("p"), self.new("p"), depth, ["", "", ""][: self.draw(st.integers(2, 3))])

    def choice(self, depth):
        return self.between(self.new("x"), self.new("x"), depth, [" if skip", " else"])

    def between(self, split, join, depth, conditions):
        for condition in conditions:
            first, last = self.block(depth)
            self.ways += [f"{split} > {first}{condition}", f"{last} > {join}"]
        return split, join

    def loop(self, depth):
        first, last = self.block(depth)
        back, check, leave, on = self.new("x"), self.new("check"), self.new("x"), self.new("x")
        self.nodes[check] = {"outcomes": "approve again"}
        self.ways += [f"{back} > {first}", f"{last} > {check} > {leave}", f"{leave} > {on} else"]
        self.ways.append(f"{leave} > {back} if outcome('{check}') == 'again'")
        return back, on
