{{/* The configuration file of a service. Passwords are not in it: they come as variables from Secrets. */}}
{{- define "ecustoms-lib.config" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- $own := index (include "ecustoms-lib.map" . | fromYaml) .Chart.Name | default dict -}}
listen = "0.0.0.0:8080"
operations_listen = "0.0.0.0:9090"
data_dir = "/var/lib/ecustoms"
secret_file = "/etc/ecustoms/installation/secret"
drain_notice_s = {{ .Values.drain.noticeSeconds }}
drain_s = {{ .Values.drain.seconds }}
{{- if eq .Chart.Name "gateway" }}
public_url = {{ $common.publicUrl | default (printf "http://%s:8080" (include "ecustoms-lib.fullname" .)) | quote }}
trusted_proxies = {{ $common.trustedProxies }}
{{- if not $common.sandbox.enabled }}
token_key_file = "/etc/ecustoms/token-key/token-key.pem"
{{- end }}
{{- with $common.authorities }}
authorities = {{ toJson . }}
{{- end }}
{{- end }}
{{- if include "ecustoms-lib.hasTrust" . }}
trust_dir = "/etc/ecustoms/trust"
{{- end }}

[servers]
connections_max = {{ $common.postgres.connectionsMax }}
partitions = {{ $common.rabbitmq.partitions }}

[telemetry]
filter = {{ $common.telemetry.filter | quote }}
json = true
{{- with $common.telemetry.otlpEndpoint }}
otlp_endpoint = {{ . | quote }}
traces_per_thousand = {{ $common.telemetry.tracesPerThousand }}
{{- end }}
{{- with $own.asks }}

[services]
{{- range . }}
{{ . }} = "http://{{ include "ecustoms-lib.nameOf" (list $ .) }}:8080"
{{- end }}
{{- end }}
{{- if include "ecustoms-lib.hasProvider" . }}
{{- with $common.oidc }}

[oidc]
issuer = {{ .issuer | quote }}
client_id = {{ required "global.ecustoms.oidc.clientId is missing: as whom is the suite known to the provider?" .clientId | quote }}
client_{{ .proof }}_file = "/etc/ecustoms/oidc/client-{{ .proof }}"
claim = {{ .claim | quote }}
scheme = {{ .scheme | quote }}
{{- range $key := list "scopes" "redirectBases" "acrValues" }}
{{- with index $common.oidc $key }}
{{ snakecase $key }} = {{ toJson . }}
{{- end }}
{{- end }}
{{- if hasKey . "maxAgeSeconds" }}
max_age_s = {{ int64 .maxAgeSeconds }}
{{- end }}
{{- with .labels }}

[oidc.labels]
{{- range $language, $text := . }}
{{ $language }} = {{ $text | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $table, $keys := $common.settings }}
{{- if and $keys (include "ecustoms-lib.hears" (list $ $table)) }}

[{{ $table }}]
{{- range $key, $value := $keys }}
{{- if not (kindIs "invalid" $value) }}
{{ snakecase $key }} = {{ include "ecustoms-lib.toml" (list $value (ne $table "declarations")) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- include "ecustoms-lib.verification" . }}
{{- include "ecustoms-lib.sealing" . }}
{{ end -}}

{{/* Says something when people can sign in by an outside provider here. */}}
{{- define "ecustoms-lib.hasProvider" -}}
{{- if and (eq .Chart.Name "gateway") (include "ecustoms-lib.common" . | fromYaml).oidc.issuer }}yes{{ end -}}
{{- end -}}

{{- define "ecustoms-lib.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
data:
  config.toml: |
    {{- include "ecustoms-lib.config" . | nindent 4 }}
{{- end -}}
