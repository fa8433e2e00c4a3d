{{/*
What signatures and timestamps are held against, what is fetched about them, and what the suite seals with: settings,
files and ways out, together, so that none is forgotten where another is.
*/}}

{{/* Says something when a table of settings is for this service: list of context and table. */}}
{{- define "ecustoms-lib.hears" -}}
{{- $root := index . 0 -}}
{{- $hearers := dict "declarations" (list "declarations" "guarantees") "references" (list "references") "limits" (list "gateway") -}}
{{- if eq (index . 1) "signatures" -}}
{{- include "ecustoms-lib.verifies" $root -}}
{{- else if has $root.Chart.Name (index $hearers (index . 1)) -}}yes
{{- end -}}
{{- end -}}

{{/* A value of the configuration file: list of value and whether keys of tables in it are the program's own. */}}
{{- define "ecustoms-lib.toml" -}}
{{- $value := index . 0 -}}
{{- $own := index . 1 -}}
{{- if kindIs "map" $value -}}
{{- $pairs := list -}}
{{- range $key, $one := $value -}}
{{- $pairs = append $pairs (printf "%s = %s" (ternary (snakecase $key) (toJson $key) $own) (include "ecustoms-lib.toml" (list $one $own))) -}}
{{- end -}}
{ {{ join ", " $pairs }} }
{{- else if kindIs "slice" $value -}}
{{- $items := list -}}
{{- range $value -}}{{- $items = append $items (include "ecustoms-lib.toml" (list . $own)) -}}{{- end -}}
[{{ join ", " $items }}]
{{- else if kindIs "float64" $value -}}{{ int64 $value }}
{{- else -}}{{ toJson $value }}
{{- end -}}
{{- end -}}

{{/* Says something when this service stamps evidence. */}}
{{- define "ecustoms-lib.archives" -}}
{{- if and (eq .Chart.Name "declarations") (include "ecustoms-lib.common" . | fromYaml).archive.authorityUrl }}yes{{ end -}}
{{- end -}}

{{/* Says something when this service verifies: signatures at the gateway, archive timestamps where they are made. */}}
{{- define "ecustoms-lib.verifies" -}}
{{- if or (eq .Chart.Name "gateway") (include "ecustoms-lib.archives" .) }}yes{{ end -}}
{{- end -}}

{{/* Says something when this service seals: papers at the gateway, deliveries to webhooks. */}}
{{- define "ecustoms-lib.seals" -}}
{{- if and (has .Chart.Name (list "gateway" "notifications")) (include "ecustoms-lib.common" . | fromYaml).seal.existingSecret }}yes{{ end -}}
{{- end -}}

{{/* The trust of this service by kind: its own where it names one, else that of the installation. */}}
{{- define "ecustoms-lib.trust" -}}
{{- $shared := (include "ecustoms-lib.common" . | fromYaml).trust -}}
{{- $found := dict -}}
{{- $verifies := include "ecustoms-lib.verifies" . -}}
{{- range $kind := list "anchors" "intermediates" "crls" "timestampers" -}}
{{- $own := index ($.Values.trust | default dict) $kind | default dict -}}
{{- if and (or $own.configMap $own.secret) (not $verifies) -}}
{{- fail (printf "%s: trust.%s is of no use: only the gateway verifies, and declarations where global.ecustoms.archive.authorityUrl is set" $.Chart.Name $kind) -}}
{{- end -}}
{{- $place := ternary $own (index $shared $kind) (or (not (empty $own.configMap)) (not (empty $own.secret))) -}}
{{- if and $place.configMap $place.secret -}}
{{- fail (printf "%s: trust.%s takes a configMap or a secret, not both" $.Chart.Name $kind) -}}
{{- end -}}
{{- if and $verifies (or $place.configMap $place.secret) -}}
{{- $_ := set $found $kind $place -}}
{{- end -}}
{{- end -}}
{{- if and (include "ecustoms-lib.archives" .) (not (hasKey $found "timestampers")) -}}
{{- fail "declarations: global.ecustoms.archive.authorityUrl needs the authority's certificate: name a ConfigMap or Secret in global.ecustoms.trust.timestampers; a token that does not verify is not taken" -}}
{{- end -}}
{{- toYaml $found -}}
{{- end -}}

{{- define "ecustoms-lib.hasTrust" -}}
{{- if include "ecustoms-lib.trust" . | fromYaml }}yes{{ end -}}
{{- end -}}

{{/* Says something when this service fetches the status of certificates. */}}
{{- define "ecustoms-lib.fetches" -}}
{{- $fetch := (include "ecustoms-lib.common" . | fromYaml).fetch -}}
{{- if and $fetch.responders (not $fetch.certificates.configMap) (not $fetch.certificates.secret) -}}
{{- fail "global.ecustoms.fetch.responders name files: say in global.ecustoms.fetch.certificates which ConfigMap or Secret holds them" -}}
{{- end -}}
{{- if and $fetch.certificates.configMap $fetch.certificates.secret -}}
{{- fail "global.ecustoms.fetch.certificates takes a configMap or a secret, not both" -}}
{{- end -}}
{{- if and (include "ecustoms-lib.verifies" .) (or $fetch.lists $fetch.responders) }}yes{{ end -}}
{{- end -}}

{{/* The ports of addresses, each once and in order, as a list: list of addresses. */}}
{{- define "ecustoms-lib.ports" -}}
{{- $ports := list -}}
{{- range . -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $ports = append $ports ($port | default (ternary "443" "80" (eq $url.scheme "https")) | int) -}}
{{- end -}}
{{- toYaml ($ports | uniq | sortAlpha) -}}
{{- end -}}

{{- define "ecustoms-lib.verification" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- if include "ecustoms-lib.fetches" . }}

[fetch]
every_s = {{ int64 $common.fetch.everyS }}
{{- with $common.fetch.lists }}
lists = {{ toJson . }}
{{- end }}
{{- range $common.fetch.responders }}

[[fetch.responders]]
url = {{ toJson .url }}
issuer = {{ toJson (printf "/etc/ecustoms/fetch/%s" .issuer) }}
certificates = [{{ range $n, $file := .certificates }}{{ if $n }}, {{ end }}{{ toJson (printf "/etc/ecustoms/fetch/%s" $file) }}{{ end }}]
{{- end }}
{{- end }}
{{- if include "ecustoms-lib.archives" . }}

[declarations.archive]
authority_url = {{ toJson $common.archive.authorityUrl }}
every_s = {{ int64 $common.archive.everyS }}
renew_s = {{ int64 $common.archive.renewS }}
renew_ahead_s = {{ int64 $common.archive.renewAheadS }}
{{- with $common.archive.renewStampedBefore }}
renew_stamped_before = {{ toJson . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.sealing" -}}
{{- $seal := (include "ecustoms-lib.common" . | fromYaml).seal -}}
{{- if and $seal.device.module (not $seal.existingSecret) -}}
{{- fail "global.ecustoms.seal.device.module needs global.ecustoms.seal.existingSecret: the PIN and the certificate are in it" -}}
{{- end -}}
{{- if include "ecustoms-lib.seals" . }}
{{- with (include "ecustoms-lib.common" . | fromYaml).seal }}
{{- if not (or .keyFile .device.module) }}
{{- fail "global.ecustoms.seal.existingSecret holds no key: name keyFile, or device.module with the library of a device" }}
{{- end }}

[seal]
password_file = "/etc/ecustoms/seal/password"
{{- if .keyFile }}
key_file = "/etc/ecustoms/seal/seal.p12"
{{- end }}
{{- if .device.module }}
module = {{ toJson .device.module }}
token = {{ toJson .device.token }}
key_label = {{ toJson .device.keyLabel }}
certificate_file = "/etc/ecustoms/seal/seal.der"
{{- end }}
{{- if or .former.configMap .former.secret }}
former_dir = "/etc/ecustoms/seal-former"
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A volume of files that come from a ConfigMap or a Secret: list of name and place. */}}
{{- define "ecustoms-lib.placeVolume" -}}
{{- $place := index . 1 -}}
- name: {{ index . 0 }}
{{- if $place.configMap }}
  configMap:
    name: {{ $place.configMap | quote }}
{{- else }}
  secret:
    secretName: {{ $place.secret | quote }}
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.trustMounts" -}}
{{- range $kind := keys (include "ecustoms-lib.trust" . | fromYaml) | sortAlpha }}
- name: trust-{{ $kind }}
  mountPath: /etc/ecustoms/trust/{{ $kind }}
  readOnly: true
{{- end }}
{{- if and (include "ecustoms-lib.fetches" .) (include "ecustoms-lib.common" . | fromYaml).fetch.responders }}
- name: fetch
  mountPath: /etc/ecustoms/fetch
  readOnly: true
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.trustVolumes" -}}
{{- $trust := include "ecustoms-lib.trust" . | fromYaml -}}
{{- range $kind := keys $trust | sortAlpha }}
{{ include "ecustoms-lib.placeVolume" (list (printf "trust-%s" $kind) (index $trust $kind)) }}
{{- end }}
{{- $fetch := (include "ecustoms-lib.common" . | fromYaml).fetch }}
{{- if and (include "ecustoms-lib.fetches" .) $fetch.responders }}
{{ include "ecustoms-lib.placeVolume" (list "fetch" $fetch.certificates) }}
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.sealMounts" -}}
{{- if include "ecustoms-lib.seals" . }}
{{- with (include "ecustoms-lib.common" . | fromYaml).seal }}
- name: seal
  mountPath: /etc/ecustoms/seal
  readOnly: true
{{- if or .former.configMap .former.secret }}
- name: seal-former
  mountPath: /etc/ecustoms/seal-former
  readOnly: true
{{- end }}
{{- if and .device.module .device.volume }}
- name: seal-device
  mountPath: {{ .device.mountPath }}
  readOnly: true
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.sealVolumes" -}}
{{- if include "ecustoms-lib.seals" . }}
{{- with (include "ecustoms-lib.common" . | fromYaml).seal }}
{{- if and .former.configMap .former.secret -}}
{{- fail "global.ecustoms.seal.former takes a configMap or a secret, not both" -}}
{{- end }}
- name: seal
  secret:
    secretName: {{ .existingSecret | quote }}
    items:
      {{- if .keyFile }}
      - {key: {{ .keyFile | quote }}, path: seal.p12}
      {{- end }}
      - {key: {{ .passwordFile | quote }}, path: password}
      {{- if .device.module }}
      - {key: {{ .device.certificateFile | quote }}, path: seal.der}
      {{- end }}
{{- if or .former.configMap .former.secret }}
{{ include "ecustoms-lib.placeVolume" (list "seal-former" .former) }}
{{- end }}
{{- if and .device.module .device.volume }}
- name: seal-device
  {{- toYaml .device.volume | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
