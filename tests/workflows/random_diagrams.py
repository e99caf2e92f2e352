"""Draws diagrams of sequences, parallels, choices, loops and timers in each other, for property tests."""

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
    """A diagram put together from blocks; each shape returns the ids of its first and last node.

    The last kind of step is a filing.
    """

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
        nested = [self.sequence, self.parallel, self.choice, self.loop] if depth else []
        shapes = [self.step, *nested, self.delayed, self.reminded, self.taken_over]
        return self.draw(st.sampled_from(shapes))(depth - 1)

    def step(self, _depth):
        name = self.new_step(self.draw(st.sampled_from(self.kinds_of_step)))
        return name, name

    def delayed(self, _depth):
        step, wait = self.new_step({}), self.new("wait")
        self.ways.append(f"{step} > {wait}")
        return step, wait

    def reminded(self, _depth):
        step, filing = self.new_step({}), self.new_step(self.kinds_of_step[-1])
        self.new_timer(step, f"{filing} > {self.new('end')}", interrupting="false")
        return step, step

    def taken_over(self, _depth):
        step, other, merge = self.new_step({}), self.new_step({}), self.new("x")
        self.ways.append(f"{step} > {merge}")
        self.new_timer(step, f"{other} > {merge}")
        return step, merge

    def new_step(self, given):
        name = self.new("step")
        self.nodes[name] = given
        return name

    def new_timer(self, step, way, **given):
        name = self.new("timer")
        self.nodes[name] = {"at": step, **given}
        self.ways.append(f"{name} > {way}")

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
