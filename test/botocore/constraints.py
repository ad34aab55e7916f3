"""Prints what AWS's own service models allow in the inputs that the stand-ins take: lengths, patterns, values."""

import json

import botocore
import botocore.session

OPERATIONS = {
    "secretsmanager": [
        "CreateSecret", "DeleteSecret", "GetSecretValue", "ListSecrets", "PutSecretValue", "RestoreSecret",
    ],
    "scheduler": ["CreateSchedule", "DeleteSchedule", "GetSchedule", "ListSchedules", "UpdateSchedule"],
    "stepfunctions": ["DescribeExecution", "ListExecutions", "ListMapRuns", "StartExecution"],
    "lambda": ["Invoke"],
    "events": ["PutEvents"],
}
# What no stand-in takes: targets of other kinds.
LEFT_OUT = {
    "EcsParameters", "EventBridgeParameters", "KinesisParameters", "SageMakerPipelineParameters", "SqsParameters",
}
KEPT = ("min", "max", "pattern", "enum")


def described(shape):
    found = {"type": shape.type_name}
    if shape.type_name == "structure":
        found["required"] = shape.required_members
        found["members"] = {
            name: described(member) for name, member in shape.members.items() if name not in LEFT_OUT
        }
        return found
    found.update({key: shape.metadata[key] for key in KEPT if key in shape.metadata})
    if shape.type_name == "list":
        found["member"] = described(shape.member)
    return found


session = botocore.session.get_session()
services = {}
for service, operations in OPERATIONS.items():
    model = session.get_service_model(service)
    services[service] = {name: described(model.operation_model(name).input_shape) for name in operations}
print(json.dumps({"botocore": botocore.__version__, "services": services}, indent=2))
