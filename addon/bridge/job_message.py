"""What a job's request says: its parameters, and where its arrays are."""

from typing import Any

import numpy as np

from .errors import OutboardError
from .outgoing import Outgoing, to_wire
from .request import Job


def wire_inputs(inputs: dict[str, np.ndarray], limits: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return a job's inputs as the wire wants them.

    Raises
    ------
    OutboardError
        INVALID_DTYPE or TOO_LARGE, before a byte is sent.
    """
    arrays = {name: to_wire(name, array) for name, array in inputs.items()}
    most = limits.get("maxArrayBytes")
    for name, array in arrays.items():
        if isinstance(most, int) and array.nbytes > most:
            reason = f"The array {name!r} has {array.nbytes} bytes; the server accepts {most}"
            raise OutboardError("TOO_LARGE", reason)
    return arrays


def job_params(job: Job, outgoing: Outgoing) -> dict[str, Any]:
    """Return the parameters that declare a job's arrays, and queue those that follow its text.

    Parameters
    ----------
    job : Job
        With its inputs in wire form. It keeps them only while it may have to be sent again.
    outgoing : Outgoing
    """
    share = job.share
    params = dict(job.params)
    declared: dict[str, Any] = {}
    for name, array in job.inputs.items():
        fields: dict[str, Any] = {"dtype": array.dtype.name, "shape": list(array.shape)}
        if share is not None and name in share.places:
            fields["id"] = outgoing.next_id()
            fields["lane"] = {"slot": share.slot, "offset": share.places[name]}
        else:
            fields["id"] = outgoing.add(array)
            job.upload_ids.append(fields["id"])
        declared[name] = {"$array": fields}
    if declared:
        params["inputs"] = declared
    if share is None:
        # From here on the queue alone keeps what is still to be sent of them.
        job.inputs = {}
    else:
        params["lane"] = {"slot": share.slot, "offset": share.room}
    return params
