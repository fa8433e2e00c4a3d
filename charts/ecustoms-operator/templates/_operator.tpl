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

{{/* The gateway's Service of the suite, or the address that is named. */}}
{{- define "ecustoms-operator.url" -}}
{{- .Values.imports.url | default (printf "http://%s-gateway:8080" (.Values.edges.release | trunc 55 | trimSuffix "-")) -}}
{{- end -}}

{{/* The pod of an import; the operator adds arguments and the source's volume. */}}
{{- define "ecustoms-operator.importPod" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
metadata:
  labels:
    {{- include "ecustoms-lib.labels" (list . "import") | nindent 4 }}
spec:
  {{- include "ecustoms-lib.podBasics" . | nindent 2 }}
  serviceAccountName: {{ include "ecustoms-lib.nameOf" (list . "import") }}
  restartPolicy: Never
  containers:
    - name: import
      image: {{ include "ecustoms-lib.image" . | quote }}
      imagePullPolicy: {{ $common.image.pullPolicy }}
      resources:
        {{- toYaml .Values.imports.resources | nindent 8 }}
      securityContext:
        {{- include "ecustoms-lib.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: key
          mountPath: /etc/ecustoms/key
          readOnly: true
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: key
      secret:
        secretName: {{ .Values.imports.keySecret | quote }}
        items:
          - {key: {{ .Values.imports.keyFile | quote }}, path: key.p12}
          - {key: {{ .Values.imports.passwordFile | quote }}, path: password}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
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
  url: {{ include "ecustoms-operator.url" . | quote }}
  keyFile: /etc/ecustoms/key/key.p12
  passwordFile: /etc/ecustoms/key/password
  template:
    {{- include "ecustoms-operator.importPod" . | nindent 4 }}
{{- end }}
{{- end -}}
