{{/* The account of the operator. */}}
{{- define "ecustoms-operator.account" -}}
{{- .Values.serviceAccount.name | default (include "ecustoms-lib.nameOf" (list . "operator")) -}}
{{- end -}}

{{/* A part of the suite: list of context and part. */}}
{{- define "ecustoms-operator.ofSuite" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: ecustoms
app.kubernetes.io/instance: {{ $root.Values.edges.release }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* The gateway's Service of the suite, or the address that is named: list of context and the section of the Jobs. */}}
{{- define "ecustoms-operator.url" -}}
{{- $root := index . 0 -}}
{{- (index . 1).url | default (printf "http://%s-gateway:8080" ($root.Values.edges.release | trunc 55 | trimSuffix "-")) -}}
{{- end -}}

{{/* The pod of a Job; the operator adds arguments and what is to be mounted: list of context, what it does, its section. */}}
{{- define "ecustoms-operator.jobPod" -}}
{{- $root := index . 0 -}}
{{- $work := index . 1 -}}
{{- $section := index . 2 -}}
{{- $common := include "ecustoms-lib.common" $root | fromYaml -}}
metadata:
  labels:
    {{- include "ecustoms-lib.labels" (list $root $work) | nindent 4 }}
spec:
  {{- include "ecustoms-lib.podBasics" $root | nindent 2 }}
  serviceAccountName: {{ include "ecustoms-lib.nameOf" (list $root $work) }}
  restartPolicy: Never
  containers:
    - name: {{ $work }}
      image: {{ include "ecustoms-lib.image" $root | quote }}
      imagePullPolicy: {{ $common.image.pullPolicy }}
      resources:
        {{- toYaml $section.resources | nindent 8 }}
      securityContext:
        {{- include "ecustoms-lib.containerSecurity" $root | nindent 8 }}
      volumeMounts:
        - name: key
          mountPath: /etc/ecustoms/key
          readOnly: true
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: key
      secret:
        secretName: {{ $section.keySecret | quote }}
        items:
          - {key: {{ $section.keyFile | quote }}, path: key.p12}
          - {key: {{ $section.passwordFile | quote }}, path: password}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
{{- end -}}

{{/* How Jobs reach the suite, and in which pod: list of context, what they do, their section. */}}
{{- define "ecustoms-operator.jobs" -}}
url: {{ include "ecustoms-operator.url" (list (index . 0) (index . 2)) | quote }}
keyFile: /etc/ecustoms/key/key.p12
passwordFile: /etc/ecustoms/key/password
template:
  {{- include "ecustoms-operator.jobPod" . | nindent 2 }}
{{- end -}}

{{/* The account of Jobs: list of context and what they do. They ask the suite, never the cluster. */}}
{{- define "ecustoms-operator.jobAccount" -}}
{{- $root := index . 0 -}}
{{- $work := index . 1 -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "ecustoms-lib.nameOf" (list $root $work) }}
  labels:
    {{- include "ecustoms-lib.labels" (list $root $work) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $root dict) | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}

{{/* Whom Jobs reach: list of context, what they do, whether others than the suite as well. */}}
{{- define "ecustoms-operator.jobPolicy" -}}
{{- $root := index . 0 -}}
{{- $work := index . 1 -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "ecustoms-lib.nameOf" (list $root $work) }}
  labels:
    {{- include "ecustoms-lib.labels" (list $root $work) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $root dict) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "ecustoms-lib.selector" (list $root $work) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "ecustoms-lib.dnsRule" $root | nindent 4 }}
    - ports: [{port: 8080, protocol: TCP}]
      to:
        - podSelector:
            matchLabels:
              {{- include "ecustoms-operator.ofSuite" (list $root "gateway") | nindent 14 }}
    {{- with index . 2 }}
    # {{ . }}
    - ports: [{port: 443, protocol: TCP}]
    {{- end }}
{{- end -}}

{{/* What the operator is told, as an object. */}}
{{- define "ecustoms-operator.settings" -}}
{{- $selector := list -}}
{{- range $key, $value := include "ecustoms-operator.ofSuite" (list . "gateway") | fromYaml -}}
{{- $selector = append $selector (printf "%s=%s" $key $value) -}}
{{- end -}}
namespace: {{ .Release.Namespace | quote }}
trust:
  configMaps: {{ .Values.trust.configMaps | quote }}
edges:
  selector: {{ join "," $selector | quote }}
  port: 9090
lease:
  name: {{ include "ecustoms-lib.nameOf" (list . "operator") | quote }}
  durationSeconds: {{ .Values.lease.durationSeconds }}
{{- if .Values.imports.keySecret }}
imports:
  {{- include "ecustoms-operator.jobs" (list . "import" .Values.imports) | nindent 2 }}
{{- end }}
{{- if .Values.replays.keySecret }}
replays:
  {{- include "ecustoms-operator.jobs" (list . "replay" .Values.replays) | nindent 2 }}
{{- end }}
{{- end -}}
