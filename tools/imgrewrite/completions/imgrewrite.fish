# Completion of imgrewrite(1) for fish.

# Adds an option of the commands that the first argument lists.
function __imgrewrite_option
    complete -c imgrewrite \
        -n "__fish_seen_subcommand_from $argv[1]" $argv[2..-1]
end

complete -c imgrewrite -f

# Commands
set -l command complete -c imgrewrite -n __fish_use_subcommand
$command -a rewrite -d 'Change the images of manifests'
$command -a list -d 'List the images of manifests'
$command -a resolve -d 'Print what references become'
$command -a overlay -d 'Write what would change as kustomizations'
$command -a fn -d 'Be a function of kustomize or kpt'
$command -a probe -d 'Ask which images can be pulled'
$command -a presets -d 'Explain the layouts of registry products'
$command -a help -d 'Explain a command'
complete -c imgrewrite -s h -l help -d 'Print help'
complete -c imgrewrite -l version -d 'Print the version'

# Arguments
set -l all rewrite list resolve overlay fn probe presets help
set -l presets acr artifactory byo ecr ecr-public full-host gar \
    gcr-mirror gitlab harbor kots nexus quay rancher replicated zarf
__imgrewrite_option 'rewrite list overlay probe' -F
__imgrewrite_option presets -a "$presets"
__imgrewrite_option help -a 'rewrite list resolve overlay fn probe presets help'

# Options of all commands
__imgrewrite_option "$all" -s q -l quiet -d 'No warnings and no summary'
__imgrewrite_option "$all" -s v -l verbose \
    -d 'Say what each image becomes, and why'
__imgrewrite_option "$all" -l color -x -a 'auto always never' \
    -d 'Color what is printed for people'

# Rules
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l prefix -x \
    -d 'FROM=TO: images under FROM now live under TO'
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l image -x \
    -d 'NAME=NEW[:TAG][@DIGEST]: override one image'
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l preset -x -a "$presets" \
    -d 'NAME[:KEY=VALUE,...]: a registry product\'s layout'
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l rules -r -F -d 'A file of rules'
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l exclude -x \
    -d 'Images to leave alone'

__imgrewrite_option 'rewrite list resolve overlay probe fn' -l private -x \
    -d 'Images that are private'
__imgrewrite_option 'rewrite list resolve overlay probe fn' -l known-images -r -F \
    -d 'What is known of images'
__imgrewrite_option 'rewrite list resolve overlay fn' -l unknown -x \
    -a 'private public' -d 'What images are that nothing is known of'

# Options of overlay
__imgrewrite_option overlay -l app -x -d 'The slug of the application'
__imgrewrite_option overlay -l downstream -x -d 'The overlay of the users'
__imgrewrite_option overlay -l registry-auth -r -F -d 'Credentials'
__imgrewrite_option overlay -l password-stdin \
    -d 'Read the password from standard input'
__imgrewrite_option overlay -l namespace -x -d 'Of the pull secret'
__imgrewrite_option overlay -l pull-secret -x -d 'Name of the pull secret'
__imgrewrite_option overlay -l service-account \
    -d 'Service accounts get the pull secret'

# Options of rewrite and list
__imgrewrite_option 'rewrite list overlay fn' -s j -l jobs -x -d 'Threads'
__imgrewrite_option 'rewrite list overlay fn' -l progress -x \
    -a 'auto always never' -d 'Show a bar'
__imgrewrite_option 'rewrite list overlay fn' -l max-size -x -a '16M 64M 256M 1G' \
    -d 'Largest file'
__imgrewrite_option 'rewrite list overlay fn' -l find -x \
    -a 'default all pod crd args env configmap annotations helm-values
        kustomization compose charts' -d 'Which places count'
__imgrewrite_option 'rewrite list overlay fn' -l field -x \
    -d 'One more field that holds images'
__imgrewrite_option 'rewrite list overlay' -l hidden \
    -d 'Walk hidden folders as well, but for .git'
__imgrewrite_option 'rewrite list overlay' -l skip-unparsable \
    -d 'Pass over files that are not YAML'
__imgrewrite_option 'rewrite list overlay fn' -l strict \
    -d 'Parse all documents, also those that can hold no image'
__imgrewrite_option 'rewrite list overlay' -l templates -x -a 'auto off' \
    -d 'How templates are read: without their actions, or as they stand'
__imgrewrite_option 'rewrite list overlay fn' -l fail-on-possible \
    -d 'Status 1 if something looks like an image at no known place'

# Options of rewrite
__imgrewrite_option rewrite -s i -l in-place -d 'Replace the files'
__imgrewrite_option 'rewrite overlay' -s O -l out-dir -x \
    -a '(__fish_complete_directories)' -d 'Write all files below a directory'
__imgrewrite_option rewrite -l diff -d 'Print a unified diff'
__imgrewrite_option rewrite -l check -d 'Status 1 if anything would change'
__imgrewrite_option rewrite -l stream \
    -d 'Print each document as soon as it is read'
__imgrewrite_option 'rewrite fn' -l pull-secret -x \
    -d 'Add a secret to the changed pods'
__imgrewrite_option rewrite -l report -r -F -d 'Write a JSON report'
__imgrewrite_option 'rewrite overlay fn' -l proof -x -a 'default full reread none' \
    -d 'How much is read again'
__imgrewrite_option rewrite -l keep-going \
    -d 'Write the good files even when others fail'
__imgrewrite_option 'rewrite overlay fn' -l allow-collisions \
    -d 'Let two images get the same name'
__imgrewrite_option 'rewrite overlay fn' -l write -x \
    -a 'both registry' -d 'Which keys say where an image in parts is'
__imgrewrite_option 'rewrite fn' -l fail-on-unmatched \
    -d 'Status 1 if no rule touched some image'
__imgrewrite_option 'rewrite fn' -l fail-on-unused-rule \
    -d 'Status 1 if some rule touched no image'

# Options of fn
__imgrewrite_option fn -l validate -d 'Status 1 if anything would change'

# Options of list and resolve
__imgrewrite_option list -s o -l output -x \
    -a 'text json tsv mapping skopeo-copy crane-copy regsync' -d 'Format'
__imgrewrite_option list -l possible -d 'Print what is only possible as well'
__imgrewrite_option list -l unique -d 'Print each distinct reference once'
__imgrewrite_option resolve -s o -l output -x -a 'text json' -d 'Format'

# Options of probe
__imgrewrite_option probe -s f -l list -r -F -d 'References, one a line'
__imgrewrite_option probe -s o -l output -x -a 'table json known-images lock digest-lock registry-auth mapping skopeo-copy crane-copy regsync' \
    -d 'Format'
__imgrewrite_option probe -l resolve -d 'Prove digests, list platforms'
__imgrewrite_option probe -l auth -d 'Try the logins of Docker and Podman'
__imgrewrite_option probe -l auth-file -r -F -d 'Try the logins of a file'
__imgrewrite_option probe -l unknown -x -a 'error private public missing there' \
    -d 'What images are that nothing is known of'
__imgrewrite_option probe -l timeout -x -d 'Seconds for a request'
__imgrewrite_option probe -l deadline -x -d 'Seconds for all'
__imgrewrite_option probe -l in-flight -x -d 'Requests at a time'
__imgrewrite_option probe -l insecure-registry -x -d 'May be asked over http'
__imgrewrite_option probe -l ca-file -r -F -d 'Certificates to trust'
__imgrewrite_option probe -l connect-to -x -d 'Connect elsewhere'
__imgrewrite_option probe -l ecr-endpoint -x -d 'Get passwords of ECR there'
__imgrewrite_option probe -l find -x \
    -a 'default all pod crd args env configmap annotations helm-values kustomization compose charts' \
    -d 'Which places count'
__imgrewrite_option probe -l field -x -d 'One more field that holds images'
__imgrewrite_option probe -l possible -d 'Ask for possible images, too'
__imgrewrite_option probe -l hidden -d 'Walk hidden folders'
__imgrewrite_option probe -l skip-unparsable -d 'Pass over what is not YAML'
__imgrewrite_option probe -l progress -x -a 'auto always never' \
    -d 'Show a bar'

functions -e __imgrewrite_option
