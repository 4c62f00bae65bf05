"""The blocking call, for scripts."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outboard.bridge import OutboardError, run

ADDON = Path(__file__).resolve().parents[3] / "addon"


@pytest.fixture
def at_server(outboard_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let `run` find the real server."""
    monkeypatch.setenv("OUTBOARD_HOME", str(outboard_server.home))
    return outboard_server


def test_run_returns_arrays(at_server: Any) -> None:
    points = np.random.default_rng(3).random((1000, 3), np.float32)
    result = run("transform_points", {"translation": [1, 2, 3]}, points=points)
    expected = points + np.array([1, 2, 3], np.float32)
    np.testing.assert_allclose(result.outputs["points"], expected, rtol=1e-6)
    again = run("transform_points", {"translation": [1, 2, 3]}, {"points": points})
    assert again.outputs["points"].tobytes() == result.outputs["points"].tobytes()


def test_run_takes_lists_and_whole_numbers(at_server: Any) -> None:
    moved = {"translation": [1, 2, 3]}
    for points in ([[1, 0, 1]], [[1.0, 0.0, 1.0]], np.array([[1, 0, 1]], np.int64)):
        result = run("transform_points", moved, points=points)
        np.testing.assert_array_equal(result.outputs["points"], [[2, 2, 4]])


def test_run_looks_at_the_names_of_parameters_first(at_server: Any) -> None:
    with pytest.raises(OutboardError, match="'translaton' is not a known key") as failed:
        run("transform_points", {"translaton": [1, 2, 3]}, points=["no", "numbers"])
    assert failed.value.code == "INVALID_PARAMS"


def test_run_raises_what_the_server_says(at_server: Any) -> None:
    with pytest.raises(OutboardError) as failed:
        run("no_such_thing", points=[[1, 0, 1]])
    assert failed.value.code == "UNKNOWN_OPERATION"


def test_run_without_a_server_says_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOARD_HOME", str(tmp_path))
    started = time.monotonic()
    with pytest.raises(OutboardError, match="deno task serve") as failed:
        run("random_vectors")
    assert failed.value.code == "CONNECTION_LOST"
    assert time.monotonic() - started < 2


def test_run_finds_the_token_of_a_typed_address(at_server: Any) -> None:
    port = at_server.url.rsplit(":", 1)[1].split("/")[0]
    result = run("random_vectors", {"seed": 1}, address=f"localhost:{port}")
    assert result.outputs["vectors"].shape == (1, 3)


def test_run_refuses_a_wrong_token(at_server: Any) -> None:
    with pytest.raises(OutboardError, match="refused the token"):
        run("random_vectors", address=at_server.url, token="wrong")


def test_run_stops_a_job_that_takes_too_long(at_server: Any) -> None:
    params = {"count": 10_000_000, "distribution": {"kind": "normal"}, "dtype": "float64"}
    with pytest.raises(OutboardError) as failed:
        run("random_vectors", params, timeout=0.05)
    assert failed.value.code == "TIMEOUT"


def test_run_needs_no_blender(outboard_server: Any) -> None:
    script = f"""
        import importlib.util, sys
        sys.modules["bpy"] = None  # makes any import of it fail
        path = {str(ADDON)!r}
        spec = importlib.util.spec_from_file_location(
            "outboard", path + "/__init__.py", submodule_search_locations=[path])
        outboard = sys.modules["outboard"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(outboard)
        import threading
        print(outboard.run("random_vectors", {{"count": 4}}).outputs["vectors"].shape,
              threading.active_count())
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        env={**os.environ, "OUTBOARD_HOME": str(outboard_server.home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("(4, 3) 1", "")
