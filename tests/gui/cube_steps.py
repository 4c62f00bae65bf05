"""Steps with Move Cube Random: moved, undone, adjusted by F9, held up by a grab, cancelled."""

from collections.abc import Iterator

import hands
from inside import Player, cube, field, module


class CubeSteps(Player):
    """The cube is at the origin before and after all of them."""

    def move_cube(self) -> Iterator[None]:
        at = yield from hands.find("outboard_move_cube_random.distance", share=0.7)
        yield from hands.click(*at, double=True)
        yield from hands.type_number("2", at)
        assert field("move_cube_random").distance == 2, "the number that was typed"
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: cube().length > 0, "the cube moved")
        yield from hands.until(lambda: "moved" in self.note("move_cube_random"), "a result line")
        assert abs(cube().length - 2) < 1e-5, cube()
        return f"{cube()}, {self.note('move_cube_random')}"

    def undo(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: cube().length == 0, "the cube is back")
        yield from hands.key("Z", at, ctrl=True, shift=True)
        yield from hands.until(lambda: cube().length > 0, "redo moves it again")
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: cube().length == 0, "and undo takes it back again")

    def redo_panel(self) -> Iterator[None]:
        yield from hands.click_button("outboard.move_cube_random")
        yield from hands.until(lambda: cube().length > 0, "the cube moved")
        direction = cube().normalized()
        yield from self.adjust_distance("5")
        yield from hands.until(lambda: abs(cube().length - 5) < 1e-4, "distance 5 in F9")
        assert (cube().normalized() - direction).length < 1e-5, "the seed was kept"
        return self.note("move_cube_random")

    def redo_too_late(self) -> Iterator[None]:
        # As if the server took longer than F9 may wait: the old result stays, then the new comes.
        run = module("scene.run")
        wait, run.REDO_WAIT = run.REDO_WAIT, 0.0
        yield from self.adjust_distance("3")
        yield from hands.until(lambda: abs(cube().length - 3) < 1e-4, "distance 3 after F9")
        run.REDO_WAIT = wait
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: cube().length == 0, "one undo step takes it all back")

    def adjust_distance(self, text: str) -> Iterator[None]:
        """Change the distance in the popup of F9, and close the popup."""
        place = yield from hands.open_f9()
        yield from hands.click(*place, double=True)
        yield from hands.type_number(text, place)
        yield from self.ask(do="shoot", name=f"round_trip_f9_{text}")
        yield from hands.close_f9(place)

    def wait_for_a_grab(self) -> Iterator[None]:
        at = hands.middle(hands.region("WINDOW"))
        yield from hands.move(*at)
        yield from hands.key("G", at)
        job = self.start("move_cube_random")
        yield from hands.until(lambda: "Waiting for" in job.waiting, "it waits for the grab")
        yield from hands.pause(10)
        line = job.waiting
        yield from self.ask(do="shoot", name="round_trip_waiting")
        assert cube().length == 0
        yield from hands.key("ESC", at)
        yield from hands.until(lambda: cube().length > 0, "it is applied after the grab")
        yield from hands.key("Z", at, ctrl=True)
        yield from hands.until(lambda: cube().length == 0, "undo")
        return line

    def cancel(self) -> Iterator[None]:
        apply = module("scene.apply")
        waiting_for, apply.waiting_for = apply.waiting_for, lambda: "Held by the test"
        job = self.start("move_cube_random")
        yield from hands.until(lambda: bool(job.waiting), "the job is held")
        yield from hands.pause(10)
        yield from self.ask(do="shoot", name="round_trip_progress")
        # The cross stands at the right end of the row.
        x, y = yield from hands.find("outboard.cancel_job", share=0.83)
        yield from hands.click(x, y)
        yield from hands.until(lambda: not job.is_unfinished, "cancelled")
        apply.waiting_for = waiting_for
        assert cube().length == 0
        return job.line
