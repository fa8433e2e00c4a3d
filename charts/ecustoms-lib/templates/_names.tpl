{{/* The service that this chart is installed as: the alias in the umbrella chart. */}}
{{- define "ecustoms-lib.service" -}}
{{- .Chart.Name -}}
{{- end -}}

{{/* Name of every object of a service: release and service. */}}
{{- define "ecustoms-lib.fullname" -}}
{{- include "ecustoms-lib.nameOf" (list . .Chart.Name) -}}
{{- end -}}

{{/*
Name of an object of a part of the release: list of context and part. A long release is cut, never the part: that is
what tells objects apart.
*/}}
{{- define "ecustoms-lib.nameOf" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- printf "%s-%s" ($root.Release.Name | trunc (int (sub 62 (len $part))) | trimSuffix "-") $part -}}
{{- end -}}

{{/* What selects the pods of a part, for ever: list of context and part. */}}
{{- define "ecustoms-lib.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: ecustoms
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* What selects the pods of a part of ours in whatever release of this namespace: the part. */}}
{{- define "ecustoms-lib.beside" -}}
app.kubernetes.io/name: ecustoms
app.kubernetes.io/component: {{ . }}
{{- end -}}

{{/* Labels of every object of a part: list of context and part. */}}
{{- define "ecustoms-lib.labels" -}}
{{- $root := index . 0 -}}
{{ include "ecustoms-lib.selector" . }}
app.kubernetes.io/part-of: ecustoms
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_") }}
{{- with (include "ecustoms-lib.common" $root | fromYaml).commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Annotations of every object; nothing when there are none. Argument: list of context and own annotations. */}}
{{- define "ecustoms-lib.annotations" -}}
{{- $root := index . 0 -}}
{{- $all := mergeOverwrite (dict) ((include "ecustoms-lib.common" $root | fromYaml).commonAnnotations | default dict) (index . 1 | default dict) -}}
{{- with $all }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
What all services share: `global.ecustoms` over the defaults below, so that a service can be rendered alone.
mergeOverwrite, because merge would lose false and 0. Worked out once a chart, and kept.
*/}}
{{- define "ecustoms-lib.common" -}}
{{- if not (hasKey .Values "commonText") -}}
{{- $given := dig "ecustoms" dict (.Values.global | default dict) -}}
{{- $_ := set .Values "commonText" (mergeOverwrite (include "ecustoms-lib.defaults" . | fromYaml) (deepCopy $given) | toYaml) -}}
{{- end -}}
{{- .Values.commonText -}}
{{- end -}}

{{- define "ecustoms-lib.image" -}}
{{- $image := (include "ecustoms-lib.common" . | fromYaml).image -}}
{{- $name := printf "%s/%s" $image.registry $image.repository | trimPrefix "/" -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name ($image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
