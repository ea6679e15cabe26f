"""What the parts of an alert's way cost, without HTTP."""
import os
import subprocess

from harness import ROOT, cluster, report

SCRATCH = ROOT / ".build-micro"


def run():
    subprocess.run(
        ["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing", "-Xswiftc", "-DMICRO", "--product", "micro", "--scratch-path",
         SCRATCH], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with cluster() as maintenance:
        process = subprocess.Popen(
            [SCRATCH / "release" / "micro"], env=os.environ | {"PAGERPAL_TEST_POSTGRES": maintenance}, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            name, nanoseconds, _ = line.rstrip("\n").split("\t")
            report("micro", f"{name}: {int(nanoseconds) / 1000:,.2f} µs", name=name, ns=int(nanoseconds))
        if process.wait() != 0:
            raise SystemExit("micro: the program failed")
