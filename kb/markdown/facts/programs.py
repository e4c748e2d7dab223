"""Programs that people start from a shell, so that a line can be told from words and from output."""

from __future__ import annotations

import re

PROGRAMS = frozenset(
    """
    7z a2dissite a2enmod adb alembic amplify ansible ansible-galaxy ansible-playbook
    ansible-vault apache2ctl apachectl apk apt apt-cache apt-get aptitude argocd arp asdf
    auditctl awk aws aws-vault az azd bazel bcdedit bosh brew buildah bun bundle bunx busctl
    bzip2 cargo catalina.sh cdk certbot certutil cf cfn-lint chcon chgrp chkconfig chkdsk
    chmod choco chown chronyc chroot chsh circleci cloud-init cmake colima composer conda
    copilot coredumpctl corepack cosign cp cqlsh crictl crontab cscript ctr curl ddev deno df
    dig direnv dism django-admin dmesg dnf docker docker-compose doctl dotenv dotnet dpkg
    dpkg-reconfigure du eas easy_install eb echo egrep eksctl eslint etcdctl ethtool exportfs
    fastlane fdisk ffmpeg fgrep findmnt firebase firewall-cmd flatpak flutter flux fly flyctl
    fsck fsutil fuser gcc gcloud gdb gem getenforce getent getsebool gh git git-lfs gitlab-ctl
    gitlab-runner glab gofmt gpg gpg-agent gpresult gpupdate gradle gradlew grep groupadd
    gsutil gzip h2load helm helmfile heroku hexdump hostnamectl htop httpie hugo ibmcloud
    icacls iconv ifconfig initctl insmod iostat ip ip6tables ipconfig iperf3 iptables istioctl
    jar javac jcmd jmap journalctl jps jq jstack jstat jupyter k3s k6 k9s kafka-configs
    kafka-configs.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-topics
    kafka-topics.sh keytool kind kinit klist kops kubeadm kubectl kubectx kubelet kubens
    kubeseal kustomize ldapsearch ldconfig lerna linkerd ln locale-gen localectl localstack
    loginctl logrotate losetup ls lsattr lsblk lscpu lsmod lsof lspci lvextend lvm lvs md5sum
    mdadm minikube mkcert mkdir mkfs mkswap modinfo modprobe mongo mongodump mongorestore
    mongosh mtr multipass mv mvn mvnw mysql mysqladmin mysqlcheck mysqldump nbtstat nc ncdu
    nerdctl netlify netsh netstat networkctl newgrp newman nft nginxctl ngrok nltest nmap
    nmcli nodeenv nodemon nohup nomad npm npx nsenter nslookup ntpdate ntpq nvidia-smi nvm oc
    oci openssl openvpn packer pacman passwd patronictl pdm pg_ctl pg_ctlcluster pg_dump
    pg_dumpall pg_isready pg_restore pg_upgrade pgbench pgrep phpunit pidof ping pip
    pip-compile pip-sync pip2 pip3 pipenv pipx pkill playwright pm2 pnpm podman poetry popd
    powershell pprof pre-commit prettier printenv printf prisma promtool ps pscp psql pulumi
    pushd pvs pwsh pyenv rabbitmqctl rbenv rclone readlink realpath reboot redis-cli regsvr32
    renice resolvectl rm rmdir rmmod robocopy rpm rsync ruff runuser rustc rustup rvm s3cmd
    sam schtasks scp sed semanage seq serverless setcap setenforce setfacl setsebool setx sfc
    sftp sha256sum shellcheck shutdown skopeo sls smartctl snap socat sops sphinx-build sqlcmd
    ss ssh ssh-add ssh-agent ssh-copy-id ssh-keygen ssh-keyscan sshd stern strace su sudo
    supabase supervisorctl svn swapoff swapon sysctl systemctl systemd-analyze systemd-resolve
    systemd-tmpfiles takeown tar taskkill tasklist tcpdump tee telnet terraform terragrunt
    tfenv timedatectl tofu traceroute tracert trivy truncate ts-node tsc tshark turbo udevadm
    ufw ulimit umount uname uniq unzip update-alternatives update-ca-certificates
    update-ca-trust update-grub update-initramfs update-rc.d useradd userdel usermod uv uvx
    uwsgi vagrant valgrind velero vercel vgs virsh virtualenv visudo vmstat volta vssadmin
    w32tm wevtutil wget whoami winget wmic wrangler wrk wsl xargs xattr xcode-select
    xcodebuild xcopy xcrun yarn yq yum zfs zgrep zipinfo zpool zypper
    """.split()
)
"""Names that are hardly anything but a program."""

WORDS = frozenset(
    """
    ab alias ant apply at bash bat bg cat cd celery cls cockroach consul copy cut cypress date
    dd diff dir drop env eval exec export fg file find fish flask free fzf go gunicorn haproxy
    head host http id install java jest kill last less locate make man mariadb meson more
    mount move mutt net next ng nginx nice node nx okta open parted patch perf perl php puppet
    py pytest python python2 python3 rails rake rd read redis-server reg ren rename reset
    route ruby runas salt sc scoop screen script service set sh sleep sort source split
    sqlite3 start stat stress strings swap sync tail tc test time timeout top touch tox tr
    trap twine type unalias unlink unset up update users uvicorn vault vue w wait watch wc
    which who yes zip zsh
    """.split()
)
"""Programs that are words or products as well: what follows has to look like a shell's."""

NAMED = re.compile(
    r"(?:docker|podman|kubectl|oc|systemctl)(?: rollout| image| container)?"
    r" (?:build|config|logs|pull|push|restart|start|status|stop|undo|enable|disable|system)$"
    r"|.*\s(?:add|annotate|attach|checkout|cherry-pick|clone|cordon|cp|create|debug|delete"
    r"|describe|drain|edit|exec|expose|get|import|inspect|kill|label|merge|patch"
    r"|port-forward|rebase|remove|rename|replace|revert|rm|rmi|rollout|run|scale|set|show"
    r"|submodule|tag|taint|uncordon|uninstall|unset|upgrade|use|-m|compose|container|image|network"
    r"|volume|s3|ec2|iam|lambda|auth|aks|vm|webapp|pip|remote|branch|state)$"
    r"|(?:pip\d?|pipx|apt|apt-get|yum|dnf|brew|gem|cargo|go|helm|choco|apk|uv pip) install$"
    r"|kubectl apply$|aws s3 sync$"
)
"""Beginnings that name a command and are not yet one to copy."""

CMDLETS = (
    "Add Clear Compress Connect ConvertFrom ConvertTo Copy Disable Enable Enter Exit Expand Export "
    "Find Format Get Grant Import Initialize Install Invoke Measure Mount Move New Out Publish "
    "Register Remove Rename Repair Reset Resolve Restart Restore Resume Revoke Save Select Send Set "
    "Start Stop Suspend Sync Test Trace Unblock Uninstall Unregister Update Wait Write"
).split()
"""The verbs that the names of PowerShell's own commands begin with."""
