#!/usr/bin/env python3
"""Writes pods.yaml (for `podman kube play`) and compose.yaml from the charts and values.yaml. `--check` only compares.

Run by charts/tests, in whose environment Helm is. A Deployment becomes a Pod under the name of its Service, because a
host without Kubernetes resolves names of pods; arguments, configuration, security, limits and drain stay.
"""

import pathlib
import shutil
import sys
import tempfile

import helm_python as helm
import yaml

HERE = pathlib.Path(__file__).resolve().parent
CHARTS = HERE.parents[1] / "charts"
RELEASE = "customs"
HEAD = "# Written by render.py from values.yaml and the charts; change those.\n"


def objects():
    with tempfile.TemporaryDirectory() as folder:
        packed = pathlib.Path(folder) / "charts"
        shutil.copytree(CHARTS, packed, ignore=shutil.ignore_patterns("golden", "__pycache__", "*.tgz"))
        for name in ("ecustoms-service", "ecustoms"):
            helm.dependency_update(str(packed / name))
        values = yaml.safe_load((HERE / "values.yaml").read_text())
        with helm.Chart.load(str(packed / "ecustoms")) as chart:
            texts = chart.render(values, name=RELEASE, namespace="default")
    things = [thing for _, text in sorted(texts.items()) if not text.startswith("ecustoms ") for thing in yaml.safe_load_all(text) if thing]
    return [thing for thing in things if isinstance(thing, dict) and "kind" in thing]


def kind(things, name):
    return [thing for thing in things if thing["kind"] == name]


def pods(things):
    """The migration, then every service, with the configurations they mount."""
    told = [slim(one) for one in kind(things, "ConfigMap")]
    for owner in kind(things, "Job") + kind(things, "Deployment"):
        template = owner["spec"]["template"]
        job = owner["kind"] == "Job"
        name = f"{RELEASE}-migrate" if job else owner["metadata"]["name"]
        spec = {key: value for key, value in template["spec"].items() if key not in ("serviceAccountName", "topologySpreadConstraints")}
        spec["restartPolicy"] = "OnFailure" if job else "Always"
        for volume in spec["volumes"]:
            # Podman 4.3 breaks off where this is not said.
            if "secret" in volume:
                volume["secret"] = {**volume["secret"], "optional": False}
        for container in spec["containers"]:
            # The pause before SIGTERM is for leaving a Service, which is not here.
            container.pop("lifecycle", None)
            # Podman asks by a program within the container, and there is none: a pod would be restarted for ever.
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                container.pop(probe, None)
            # It publishes every port that is named, and they are the same for all.
            container.pop("ports", None)
            if name == f"{RELEASE}-gateway":
                container["ports"] = [{"name": "http", "containerPort": 8080, "hostPort": 8080, "hostIP": "127.0.0.1"}]
        told.append({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": template["metadata"]["labels"]}, "spec": spec})
    return HEAD + yaml.safe_dump_all(told, sort_keys=False, width=120)


def slim(thing):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": thing["metadata"]["name"]}, "data": thing["data"]}


def compose(things):
    configurations = {one["metadata"]["name"]: one["data"]["config.toml"] for one in kind(things, "ConfigMap")}
    services, secrets = {}, set()
    for owner in kind(things, "Job") + kind(things, "Deployment"):
        job = owner["kind"] == "Job"
        name = f"{RELEASE}-migrate" if job else owner["metadata"]["name"]
        services[name] = service(name, owner["spec"]["template"]["spec"], job, secrets)
    return HEAD + yaml.safe_dump(
        {
            "name": "ecustoms",
            "services": services,
            "configs": {name: {"content": text.replace("$", "$$")} for name, text in configurations.items()},
            "secrets": {name: {"file": f"./secrets/{name}"} for name in sorted(secrets)},
        },
        sort_keys=False, width=120,
    )


def service(name, spec, job, secrets):
    container = spec["containers"][0]
    limits = container["resources"]["limits"]
    told = {
        "image": container["image"],
        "command": container["args"],
        "environment": environment(container),
        "user": "65532:65532",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": limits["memory"].replace("Mi", "m").replace("Gi", "g"),
        "restart": "on-failure" if job else "unless-stopped",
        "tmpfs": ["/tmp:size=64m"] + ([] if job else ["/var/lib/ecustoms:size=64m,uid=65532,gid=65532"]),
        "secrets": [],
    }
    if not job:
        told["stop_grace_period"] = f"{spec['terminationGracePeriodSeconds']}s"
        told["depends_on"] = {f"{RELEASE}-migrate": {"condition": "service_completed_successfully"}}
        told["configs"] = [{"source": name, "target": "/etc/ecustoms/config/config.toml"}]
    places = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    for volume in spec["volumes"]:
        if "secret" in volume:
            for item in volume["secret"]["items"]:
                secrets.add(item["path"])
                told["secrets"].append({"source": item["path"], "target": f"{places[volume['name']]}/{item['path']}", "uid": "65532", "mode": 0o400})
        elif volume["name"].startswith("trust-") or volume["name"] in ("fetch", "seal-former"):
            # trust-anchors lies in ./trust/anchors, seal-former in ./seal/former.
            told.setdefault("volumes", []).append(f"./{volume['name'].replace('-', '/')}:{places[volume['name']]}:ro")
    if name == f"{RELEASE}-gateway":
        told["ports"] = ["127.0.0.1:8080:8080"]
    return told


def environment(container):
    """The addresses of servers come from the file .env; they carry passwords."""
    return {
        one["name"]: one["value"] if "value" in one else "${" + one["name"] + ":?set it in .env}"
        for one in container["env"]
    }


def main():
    things = objects()
    made = {"pods.yaml": pods(things), "compose.yaml": compose(things)}
    stale = [name for name, text in made.items() if not (HERE / name).exists() or (HERE / name).read_text() != text]
    if "--check" in sys.argv:
        sys.exit(f"one-host: {', '.join(stale)} differ from the charts; run deploy/one-host/render.py" if stale else 0)
    for name, text in made.items():
        (HERE / name).write_text(text)


if __name__ == "__main__":
    main()
