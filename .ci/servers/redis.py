"""Redis to test against, all on loopback: one server in the clear and with TLS, and a cluster of three.

`redis.py DIRECTORY` writes DIRECTORY/variables once all of them answer, for a shell to read, and ends them when its input
ends. Nothing is kept.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time


def free_ports(count):
    """Ports that are free, each with the one that lies 10,000 above it, where servers of a cluster talk."""
    held, ports = [], []
    while len(ports) < count:
        low, high = socket.socket(), socket.socket()
        held += [low, high]
        low.bind(("127.0.0.1", 0))
        port = low.getsockname()[1]
        try:
            high.bind(("127.0.0.1", port + 10_000))
        except (OSError, OverflowError):
            continue
        ports.append(port)
    for one in held:
        one.close()
    return ports


def certificates(directory):
    """An authority, and what it says of this server."""
    ca, key, request, certificate = (os.path.join(directory, name) for name in ("ca.pem", "key.pem", "csr.pem", "cert.pem"))
    authority_key = os.path.join(directory, "ca-key.pem")
    names = os.path.join(directory, "names")
    with open(names, "w") as file:
        file.write("subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for command in (
        ["req", "-x509", *new_key, "-subj", "/CN=acf ci", "-days", "30", "-keyout", authority_key, "-out", ca],
        ["req", *new_key, "-subj", "/CN=localhost", "-keyout", key, "-out", request],
        ["x509", "-req", "-in", request, "-CA", ca, "-CAkey", authority_key, "-CAcreateserial", "-days", "30",
         "-extfile", names, "-out", certificate],
    ):
        subprocess.run(["openssl", *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return ca, key, certificate


def say(port, *words):
    command = ["redis-cli", "-h", "127.0.0.1", "-p", str(port), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def wait_for(what, is_so):
    for _ in range(300):
        if is_so():
            return
        time.sleep(0.1)
    sys.exit(f"Redis does not start: {what}")


def main(directory):
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    directory = os.path.abspath(directory)
    ca, key, certificate = certificates(directory)
    plain, tls, *cluster = free_ports(5)
    servers = []

    def start(port, *settings):
        own = os.path.join(directory, str(port))
        os.makedirs(own)
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", own, "--save", "",
                   "--logfile", os.path.join(own, "log"), *settings]
        servers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        start(plain, "--tls-port", str(tls), "--tls-auth-clients", "no", "--tls-ca-cert-file", ca,
              "--tls-cert-file", certificate, "--tls-key-file", key)
        for port in cluster:
            start(port, "--cluster-enabled", "yes", "--cluster-node-timeout", "5000")
        for port in (plain, *cluster):
            wait_for(f"port {port}", lambda port=port: say(port, "PING").strip() == "PONG")
        addresses = [f"127.0.0.1:{port}" for port in cluster]
        create = ["redis-cli", "--cluster", "create", *addresses, "--cluster-yes"]
        subprocess.run(create, check=True, stdout=subprocess.DEVNULL)
        for port in cluster:
            wait_for("the cluster", lambda port=port: "cluster_state:ok" in say(port, "CLUSTER", "INFO"))
        variables = {
            "ACF_REDIS": f"redis://127.0.0.1:{plain}",
            "ACF_REDIS_TLS": f"rediss://127.0.0.1:{tls}",
            "ACF_REDIS_CA": ca,
            "ACF_REDIS_CLUSTER": ",".join(f"redis://{address}" for address in addresses),
        }
        written = os.path.join(directory, "variables")
        with open(written + ".new", "w") as file:
            file.writelines(f"export {name}='{value}'\n" for name, value in variables.items())
        os.rename(written + ".new", written)
        sys.stdin.read()
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


main(sys.argv[1])
