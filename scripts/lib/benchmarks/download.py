"""`download` beside curl and its like, from nginx on this machine."""

import os
import subprocess
import time
from pathlib import Path

from .peers import PICTURES, TOOLS, compare, have, python_with, set_aside


def download(folder, runs):
    if not have("nginx", "nginx-light") or not have("curl"):
        return
    for delay_ms in (0, 50):
        served = folder / f"served{delay_ms}"
        port = 8090 + delay_ms
        make = [TOOLS / "examples" / "bench-pictures", served, str(PICTURES), f"http://127.0.0.1:{port}"]
        subprocess.run(make, check=True)
        server = nginx(folder, served, port, delay_ms)
        if server is None:
            continue
        into = folder / "into"

        def fresh():
            set_aside(into)
            into.mkdir()

        contenders = [
            ("download", f"download -q {served}/rows.csv --into {into} -j 16 > {folder}/out"),
            ("curl -Z", f"cd {into} && curl -sS -Z --no-progress-meter --parallel-max 16 -K {served}/urls.curl"),
        ]
        urls = [line.split('"')[1] for line in open(served / "urls.curl") if line.startswith("url")]
        (served / "urls").write_text("\n".join(urls))
        if have("wget2"):
            contenders.append(("wget2", f"wget2 -q --max-threads=16 -P {into} -i {served}/urls"))
        if have("aria2c", "aria2"):
            contenders.append(("aria2c", f"aria2c -q -j 16 -d {into} -i {served}/urls"))
        if python := python_with(folder, "img2dataset"):
            flags = "--thread_count 16 --processes_count 1 --resize_mode no --disable_all_reencoding True --number_sample_per_shard 1000"
            run = f"{python.parent}/img2dataset --url_list {served}/urls --output_folder {into}/shards {flags} > {folder}/out 2>&1"
            contenders.append(("img2dataset", run))
        try:
            compare(f"download: {PICTURES:,} pictures of 300 KB, 16 at once, {delay_ms} ms an answer", contenders, runs, fresh)
        finally:
            server.terminate()
            server.wait()


def nginx(folder, served, port, delay_ms):
    module, location = "", ""
    if delay_ms:
        echo = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
        if not echo.exists() and os.geteuid() == 0:
            subprocess.run(["apt-get", "install", "-qy", "libnginx-mod-http-echo"], capture_output=True)
        if not echo.exists():
            print("  (no libnginx-mod-http-echo: slow answers left out)")
            return None
        module = f"load_module {echo};"
        location = f"location / {{ echo_sleep {delay_ms / 1000}; echo_exec /raw$uri; }} location /raw/ {{ internal; alias {served}/; }}"
    conf = folder / f"nginx{delay_ms}.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    conf.write_text(
        f"{module} {user} daemon off; worker_processes 2; pid {folder}/nginx{delay_ms}.pid; error_log {folder}/nginx.log;\n"
        "events { worker_connections 512; }\n"
        "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; types { image/jpeg jpg; }\n"
        f"server {{ listen 127.0.0.1:{port}; root {served}; {location} }} }}\n"
    )
    server = subprocess.Popen(["nginx", "-c", conf], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    return server
