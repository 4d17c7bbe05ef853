# Shared by run, test, bundle and smoke, which source it. It finds Python, makes the environment in .venv and
# installs the system's libraries where that is allowed.
# shellcheck shell=bash

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$repository/.venv
venv_python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# --- the system's packages -------------------------------------------------------------------------------------

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    # The debconf front end asks nothing; without recommendations a sound server does not bring a desktop along.
    if [ -z "${apt_is_updated:-}" ]; then
        as_root apt-get update -qq >&2 || say "apt-get update failed; trying with what is known"
        apt_is_updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

has_library() {
    local known
    known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
    case $known in *"$1 "*) return 0 ;; *) return 1 ;; esac
}

has_alsa_plugin() {
    local plugin
    for plugin in /usr/lib*/alsa-lib/libasound_module_pcm_"$1".so /usr/lib/*/alsa-lib/libasound_module_pcm_"$1".so; do
        [ ! -e "$plugin" ] || return 0
    done
    return 1
}

# Reads lines "package what-it-brings" and prints the packages whose library, command or file is not there.
missing_packages() {
    local package brings
    while read -r package brings; do
        case $brings in
            lib*) has_library "$brings" || printf '%s\n' "$package" ;;
            /*) [ -e "$brings" ] || printf '%s\n' "$package" ;;
            alsa:*) has_alsa_plugin "${brings#alsa:}" || printf '%s\n' "$package" ;;
            *) PATH=$PATH:/sbin:/usr/sbin command -v "$brings" >/dev/null 2>&1 || printf '%s\n' "$package" ;;
        esac
    done
}

run_needs() {
    # Qt's window system plugin, screenshots, sound, what opens files, and a font to draw with.
    cat <<'LIST'
libegl1 libEGL.so.1
libgl1 libGL.so.1
libdbus-1-3 libdbus-1.so.3
libfontconfig1 libfontconfig.so.1
libglib2.0-0 libglib-2.0.so.0
libxkbcommon0 libxkbcommon.so.0
libxkbcommon-x11-0 libxkbcommon-x11.so.0
libx11-xcb1 libX11-xcb.so.1
libxcb-cursor0 libxcb-cursor.so.0
libxcb-icccm4 libxcb-icccm.so.4
libxcb-image0 libxcb-image.so.0
libxcb-keysyms1 libxcb-keysyms.so.1
libxcb-randr0 libxcb-randr.so.0
libxcb-render-util0 libxcb-render-util.so.0
libxcb-shape0 libxcb-shape.so.0
libxcb-xkb1 libxcb-xkb.so.1
libxcb-shm0 libxcb-shm.so.0
libxcb-render0 libxcb-render.so.0
libxcb-xfixes0 libxcb-xfixes.so.0
libportaudio2 libportaudio.so.2
xdg-utils xdg-open
LIST
    # PortAudio speaks ALSA; one of these leads on to the sound server.
    has_alsa_plugin pipewire || printf 'libasound2-plugins alsa:pulse\n'
    [ -z "${WAYLAND_DISPLAY:-}" ] || printf '%s\n' 'libwayland-cursor0 libwayland-cursor.so.0' \
        'libwayland-egl1 libwayland-egl.so.1'
    # Volume commands talk to the sound server through either of these.
    command -v wpctl >/dev/null 2>&1 || printf 'pulseaudio-utils pactl\n'
    [ -n "$(find /usr/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ] ||
        printf 'fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf\n'
}

test_needs() {
    run_needs
    cat <<'LIST'
xvfb Xvfb
openbox openbox
xdotool xdotool
trayer trayer
dbus dbus-run-session
pulseaudio pulseaudio
pulseaudio-utils pactl
flite flite
espeak-ng espeak-ng
iproute2 ip
procps ps
util-linux setpriv
strace strace
binutils objdump
xterm xterm
xclip xclip
dunst dunst
x11-utils xprop
mpv mpv
mpv-mpris /usr/lib/mpv-mpris/mpris.so
python3-dbusmock /usr/lib/python3/dist-packages/dbusmock/__init__.py
libglib2.0-bin gsettings
at-spi2-core /usr/libexec/at-spi-bus-launcher
gsettings-desktop-schemas /usr/share/glib-2.0/schemas/org.gnome.desktop.interface.gschema.xml
sway sway
foot foot
wtype wtype
fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
LIST
    python_library_need
}

# Freezing needs Python as a shared library, which Debian keeps in a package of its own.
python_library_need() {
    local python version
    python=$(find_python) || return 0
    [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = /usr ] || return 0
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    printf 'libpython%s libpython%s.so.1.0\n' "$version" "$version"
}

# Installs what a list of needs names, or says what to install. $1: the function that prints the list.
need_packages() {
    local missing
    command -v dpkg >/dev/null 2>&1 || return 0 # not a Debian: the names would be wrong
    missing=$("$1" | missing_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if may_install; then
        say "installing system packages: $missing"
        # shellcheck disable=SC2086
        apt_install $missing || fail "apt-get could not install: $missing"
    else
        say "these system packages are missing: $missing"
        say "install them with: sudo apt-get install $missing"
        return 1
    fi
}

# --- Python ----------------------------------------------------------------------------------------------------

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14 python; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

has_venv_module() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Sees to it that there is a Python of at least 3.11 that can make environments.
need_python() {
    local python version
    if ! python=$(find_python); then
        may_install || fail "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv"
        say "installing Python"
        apt_install python3 python3-venv || fail "apt-get could not install python3"
        python=$(find_python) || fail "the system's Python is older than 3.11: install a newer one"
    fi
    if ! has_venv_module "$python"; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        may_install || fail "this Python cannot make environments: sudo apt-get install python$version-venv"
        say "installing python$version-venv"
        apt_install "python$version-venv" || apt_install python3-venv || fail "apt-get could not install python3-venv"
    fi
}

# What the environment was made from: it is renewed when this changes, as after an edit, a move or a new Python.
wanted_stamp() {
    sha256sum "$repository/pyproject.toml" | cut -d ' ' -f 1
    printf '%s\n' "$repository"
    "$venv_python" -c 'import sys; print(sys.version)'
}

is_stamped() {
    [ -x "$venv_python" ] && "$venv_python" -c '' >/dev/null 2>&1 &&
        [ -f "$venv/stamp-$1" ] && [ "$(cat "$venv/stamp-$1")" = "$(wanted_stamp)" ]
}

# Its programs name the folder that they were installed into: a copied or moved environment is not to be used.
is_usable_environment() {
    "$venv_python" -m pip --version >/dev/null 2>&1 && head -n 2 "$venv/bin/pip" | grep -qF "$venv/"
}

# Makes or renews .venv. $1: its kind, "run" or "test"; the others: calls of pip, one a word, split at spaces.
need_environment() {
    local kind=$1 python requirements
    shift
    if is_stamped "$kind" || { [ "$kind" = run ] && is_stamped test; }; then return 0; fi
    if ! is_usable_environment; then
        need_python
        python=$(find_python)
        say "making the environment in .venv with $python"
        "$python" -m venv --clear "$venv"
    fi
    for requirements in "$@"; do
        say "installing: $requirements"
        # shellcheck disable=SC2086
        (cd "$repository" && "$venv_python" -m pip install --quiet --disable-pip-version-check $requirements >&2) ||
            fail "pip could not install: $requirements"
    done
    wanted_stamp >"$venv/stamp-$kind.new"
    mv "$venv/stamp-$kind.new" "$venv/stamp-$kind"
}

need_run_environment() { need_environment run "-e ."; }

# torch goes first and alone, so that the index or folder that pip is set up with decides which build of it is used.
need_test_environment() {
    local torch
    torch=$(sed -n 's/^ *"\(torch==[^"]*\)",*$/\1/p' "$repository/pyproject.toml")
    [ -n "$torch" ] || fail "pyproject.toml names no torch"
    need_environment test "$torch" "-e .[test,train,package]"
}

# --- a display of our own --------------------------------------------------------------------------------------

# Runs a command under Xvfb with a session bus, an own runtime folder, and a home if there is none. Without -noreset
# the server would start anew, and drop who is connecting, whenever its last client goes.
in_private_session() {
    local folder status=0
    folder=$(mktemp -d)
    mkdir -m 700 "$folder/run" "$folder/home"
    Xvfb -displayfd 3 -screen 0 "${display_size:-1280x1024}x24" -nolisten tcp -noreset 3>"$folder/display" >"$folder/xvfb.log" 2>&1 &
    private_session_pid=$!
    private_session_folder=$folder
    trap end_private_session EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    wait_for_display "$folder" || { cat "$folder/xvfb.log" >&2; fail "Xvfb did not start"; }
    env -u WAYLAND_DISPLAY -u PULSE_SERVER -u DBUS_SESSION_BUS_ADDRESS \
        DISPLAY=":$(cat "$folder/display")" QT_QPA_PLATFORM=xcb XDG_RUNTIME_DIR="$folder/run" \
        HOME="${HOME:-$folder/home}" dbus-run-session -- "$@" || status=$?
    end_private_session
    trap - EXIT INT TERM
    return "$status"
}

wait_for_display() {
    local tries=100
    while [ ! -s "$1/display" ] && [ "$tries" -gt 0 ]; do
        kill -0 "$private_session_pid" 2>/dev/null || return 1
        sleep 0.1
        tries=$((tries - 1))
    done
    [ -s "$1/display" ]
}

end_private_session() {
    kill "$private_session_pid" 2>/dev/null || true
    wait "$private_session_pid" 2>/dev/null || true
    rm -rf "$private_session_folder"
}
