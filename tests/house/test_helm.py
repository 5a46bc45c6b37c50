"""The chart renders to what a cluster accepts, and refuses values that could not work."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from anshou.cli import COMMANDS
from anshou.settings import read_settings
from tests.machine import HELM, require

CHART = Path(__file__).parents[2] / "helm"

VALUES = {
    "image.repository": "example.test/anshou",
    "image.tag": "0.1.0",
    "baseUrl": "https://anshou.example.test",
    "secrets.database": "database",
    "secrets.root": "root",
    "secrets.storage": "storage",
    "secrets.erasures": "erasures",
    "secrets.keys": "keys",
    "ingress.enabled": "true",
}


def test_the_chart_is_without_reproach() -> None:
    linted = _helm("lint", "--strict", VALUES)
    assert linted.returncode == 0, linted.stdout


def test_every_container_runs_a_command_of_ours_with_settings_that_are_accepted() -> None:
    containers = [each for pod in _pods() for each in [*pod.get("initContainers", []), *pod["containers"]]]
    assert {container["args"][0] for container in containers} == {"web", "worker", "migrate", "erasures"}
    for container in containers:
        assert container["args"][0] in COMMANDS
        # What comes from a secret is not known here; its name is checked all the same.
        given = {each["name"]: each["value"] for each in container["env"] if "value" in each}
        from_secrets = {each["name"] for each in container["env"] if "valueFrom" in each}
        read_settings(given | dict.fromkeys(from_secrets, ""))


def test_no_container_has_more_rights_than_it_needs() -> None:
    for pod in _pods():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["capabilities"] == {"drop": ["ALL"]}


def test_liveness_asks_nobody_but_the_process() -> None:
    (web,) = (container for pod in _pods() for container in pod["containers"] if container["name"] == "web")
    assert web["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert web["readinessProbe"]["httpGet"]["path"] == "/health/ready"


def test_several_workers_without_a_broker_are_refused() -> None:
    refused = _helm("template", "x", VALUES | {"worker.replicas": "2"})
    assert "needs secrets.broker" in refused.stderr
    assert _helm("template", "x", VALUES | {"worker.replicas": "2", "secrets.broker": "mq"}).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"), [("baseUrl", "anshou.example.test"), ("secrets.root", ""), ("web.replicas", "0"), ("typo", "1")]
)
def test_values_that_could_not_work_are_refused(name: str, value: str) -> None:
    assert _helm("template", "x", VALUES | {name: value}).returncode != 0


def _pods() -> list[dict[str, Any]]:
    rendered = _helm("template", "anshou", VALUES)
    assert rendered.returncode == 0, rendered.stderr
    documents = [document for document in yaml.safe_load_all(rendered.stdout) if document]
    return [document["spec"]["template"]["spec"] for document in documents if document["kind"] in {"Deployment", "Job"}]


def _helm(*words: str | dict[str, str]) -> subprocess.CompletedProcess[str]:
    *command, values = words
    assert isinstance(values, dict)
    given = [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
    name = [str(word) for word in command[1:]]
    return subprocess.run([require(HELM), command[0], *name, CHART, *given], capture_output=True, text=True)
