# Completion of imgrewrite(1) for bash.

# The options of the command $1.
_imgrewrite_options()
{
    local rules='--prefix --image --preset --rules --exclude --private
        --known-images --unknown'
    local texts='-j --jobs --max-size --find --field --fail-on-possible
        --progress --strict'
    local files="$texts --skip-unparsable --hidden --templates"
    local all='-q --quiet -v --verbose --color -h --help --version'

    case $1 in
    rewrite)
        echo "$rules $files $all -i --in-place -O --out-dir --diff --check" \
            '--pull-secret --report --proof --keep-going --allow-collisions' \
            '--stream --fail-on-unmatched --fail-on-unused-rule --write'
        ;;
    list)
        echo "$rules $files $all -o --output --possible --unique"
        ;;
    resolve)
        echo "$rules $all -o --output"
        ;;
    overlay)
        echo "$rules $files $all --app -O --out-dir --downstream" \
            '--registry-auth --password-stdin --namespace --pull-secret' \
            '--service-account --proof --allow-collisions --write'
        ;;
    fn)
        echo "$rules $texts $all --validate --pull-secret --proof" \
            '--allow-collisions --fail-on-unmatched --fail-on-unused-rule' \
            '--write'
        ;;
    probe)
        echo "$rules $all -f --list -o --output --resolve --timeout" \
            '--deadline --in-flight --insecure-registry --ca-file --auth' \
            '--auth-file --connect-to --ecr-endpoint --find --field --possible --hidden' \
            '--skip-unparsable --progress'
        ;;
    presets | help)
        echo "$all"
        ;;
    esac
}

# The names of all presets.
_imgrewrite_presets()
{
    echo 'acr artifactory byo ecr ecr-public full-host gar gcr-mirror gitlab' \
        'harbor kots nexus quay rancher replicated zarf'
}

# Offers the words $1 that begin with $2.
_imgrewrite_words()
{
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Offers the names on standard input as files.
_imgrewrite_files()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(sort -u)
}

# Offers directories and the files that a walk would read; where there are
# none of these, any file.
_imgrewrite_manifests()
{
    local ending

    _imgrewrite_files < <(
        compgen -d -- "$1"
        for ending in yaml yml json; do
            compgen -f -X "!*.$ending" -- "$1"
        done
    )
    if ((${#COMPREPLY[@]} == 0)); then
        _imgrewrite_files < <(compgen -f -- "$1")
    fi
}

# Offers the values of the option $1 that begin with $2; fails when $1 is no
# option with a value.
_imgrewrite_value()
{
    case $1 in
    -o | --output)
        if [[ ${COMP_WORDS[1]} == list ]]; then
            _imgrewrite_words 'text json tsv mapping skopeo-copy crane-copy
                regsync' "$2"
        elif [[ ${COMP_WORDS[1]} == probe ]]; then
            _imgrewrite_words 'table json known-images lock digest-lock
                registry-auth mapping skopeo-copy crane-copy regsync' "$2"
        else
            _imgrewrite_words 'text json' "$2"
        fi
        ;;
    --color | --progress)
        _imgrewrite_words 'auto always never' "$2"
        ;;
    --templates)
        _imgrewrite_words 'auto off' "$2"
        ;;
    --proof)
        _imgrewrite_words 'default full reread none' "$2"
        ;;
    --max-size)
        _imgrewrite_words '16M 64M 256M 1G' "$2"
        ;;
    --find)
        _imgrewrite_words 'default all pod crd args env configmap annotations
            helm-values kustomization compose charts' "$2"
        ;;
    -O | --out-dir)
        _imgrewrite_files < <(compgen -d -- "$2")
        ;;
    --unknown)
        if [[ ${COMP_WORDS[1]} == probe ]]; then
            _imgrewrite_words 'error private public missing there' "$2"
        else
            _imgrewrite_words 'private public' "$2"
        fi
        ;;
    --write)
        _imgrewrite_words 'both registry' "$2"
        ;;
    --report | --rules | --known-images | --registry-auth | -f | --list |\
        --ca-file | --auth-file)
        _imgrewrite_files < <(compgen -f -- "$2")
        ;;
    --preset)
        _imgrewrite_words "$(_imgrewrite_presets)" "$2"
        ;;
    --prefix | --image | --exclude | --private | --field | --app |\
        --downstream | --namespace | --pull-secret | -j | --jobs | --timeout |\
        --deadline | --in-flight | --insecure-registry | --connect-to |\
        --ecr-endpoint) ;;
    *)
        return 1
        ;;
    esac
}

_imgrewrite()
{
    local commands='rewrite list resolve overlay fn probe presets help'
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _imgrewrite_words "$commands --help --version" "$word"
        return
    fi

    # bash breaks words at "=" and ":", in --proof=full as in a:1=b.
    if [[ $before == = && $COMP_CWORD -gt 2 ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
        [[ $before == --* ]] || return
    elif [[ $word == = && $before == --* ]]; then
        word=
    elif [[ $word == [=:] || $before == : ]]; then
        return
    fi

    if _imgrewrite_value "$before" "$word"; then
        return
    fi
    case ${COMP_WORDS[1]},$word in
    *,-*)
        _imgrewrite_words "$(_imgrewrite_options "${COMP_WORDS[1]}")" "$word"
        ;;
    rewrite,* | list,* | overlay,* | probe,*)
        _imgrewrite_manifests "$word"
        ;;
    presets,*)
        _imgrewrite_words "$(_imgrewrite_presets)" "$word"
        ;;
    help,*)
        _imgrewrite_words "$commands" "$word"
        ;;
    esac
}

complete -F _imgrewrite imgrewrite
