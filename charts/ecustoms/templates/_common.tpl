{{- define "ecustoms.services" -}}
{{- $enabled := list -}}
{{- range $name := keys (include "ecustoms-lib.map" . | fromYaml) | sortAlpha -}}
{{- if (index $.Values $name).enabled -}}{{- $enabled = append $enabled $name -}}{{- end -}}
{{- end -}}
{{- toYaml $enabled -}}
{{- end -}}

{{/* An ExternalSecret without what it fetches: list of context and name of the Secret. */}}
{{- define "ecustoms.externalSecret" -}}
{{- $root := index . 0 }}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ index . 1 }}
  labels:
    {{- include "ecustoms-lib.labels" (list $root "secrets") | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $root dict) | nindent 2 }}
spec:
  refreshInterval: {{ $root.Values.externalSecrets.refreshInterval }}
  secretStoreRef:
    name: {{ $root.Values.externalSecrets.store.name }}
    kind: {{ $root.Values.externalSecrets.store.kind }}
  target:
    name: {{ index . 1 }}
    creationPolicy: Owner
{{- end -}}

{{/* Everything at one place of the store, each property under its name. */}}
{{- define "ecustoms.allKeys" }}
  dataFrom:
    - extract:
        key: {{ .remoteKey }}
        decodingStrategy: {{ .decodingStrategy | default "Auto" }}
{{- end -}}

{{/* The pod of the migration; the Job is named after this text. */}}
{{- define "ecustoms.migrationPod" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
metadata:
  labels:
    {{- include "ecustoms-lib.labels" (list . "migrate") | nindent 4 }}
spec:
  {{- include "ecustoms-lib.podBasics" . | nindent 2 }}
  {{- with include "ecustoms-lib.placing" .Values.migration }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  restartPolicy: Never
  containers:
    - name: migrate
      image: {{ include "ecustoms-lib.image" . | quote }}
      imagePullPolicy: {{ $common.image.pullPolicy }}
      args:
        - migrate
        {{- range include "ecustoms.services" . | fromYamlArray }}
        {{- if ne . "gateway" }}
        - {{ . }}
        {{- end }}
        {{- end }}
      env:
        {{- include "ecustoms-lib.serverEnv" (list . (list "postgres" "rabbitmq" "redis")) | trim | nindent 8 }}
        - name: ECUSTOMS_SECRET_FILE
          value: /etc/ecustoms/installation/secret
        - name: ECUSTOMS_TELEMETRY__JSON
          value: "true"
      resources:
        {{- toYaml .Values.migration.resources | nindent 8 }}
      securityContext:
        {{- include "ecustoms-lib.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: installation
          mountPath: /etc/ecustoms/installation
          readOnly: true
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: installation
      secret:
        secretName: {{ $common.installation.existingSecret | quote }}
        items:
          - {key: {{ $common.installation.key | quote }}, path: secret}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
{{- end -}}
