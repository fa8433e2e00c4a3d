{{- define "ecustoms-lib.deployment" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- $scaled := or .Values.autoscaling.enabled .Values.keda.enabled -}}
{{- if and $common.sandbox.enabled (eq .Chart.Name "gateway") (or $scaled (gt (int .Values.replicas) 1)) -}}
{{- fail "gateway: a sandbox makes its keys in the gateway, so there is one gateway: replicas must be 1 and scaling off while global.ecustoms.sandbox.enabled" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled .Values.keda.enabled -}}
{{- fail (printf "%s: autoscaling.enabled and keda.enabled would both write replicas; choose one" .Chart.Name) -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if hasPrefix "ECUSTOMS_" .name -}}
{{- fail (printf "%s: extraEnv must not set %s: variables of the program come from the values (addresses of servers from postgres.existingSecret and its like, everything else from global.ecustoms), where they are checked and no password stands" $.Chart.Name .name) -}}
{{- end -}}
{{- end -}}
{{- $least := add (int .Values.drain.preStopSeconds) (int .Values.drain.noticeSeconds) (int .Values.drain.seconds) 10 -}}
{{- if lt (int .Values.drain.terminationGraceSeconds) (int $least) -}}
{{- fail (printf "%s: drain.terminationGraceSeconds must be at least %d: preStopSeconds + noticeSeconds + seconds, and 10 for consumers to finish" .Chart.Name (int $least)) -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  {{- if not $scaled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  # A process waits for its schema before it is ready; that may take as long as the migration.
  progressDeadlineSeconds: {{ add (mul (int .Values.probes.startup.failureThreshold) (int .Values.probes.startup.periodSeconds)) 300 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "ecustoms-lib.selector" (list . .Chart.Name) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 8 }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/config: {{ include "ecustoms-lib.config" . | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "ecustoms-lib.podBasics" . | nindent 6 }}
      serviceAccountName: {{ .Values.serviceAccount.name | default (include "ecustoms-lib.fullname" .) }}
      terminationGracePeriodSeconds: {{ .Values.drain.terminationGraceSeconds }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if include "ecustoms-lib.many" . }}
      topologySpreadConstraints:
        {{- range .Values.spread }}
        - topologyKey: {{ .topologyKey }}
          maxSkew: {{ .maxSkew }}
          whenUnsatisfiable: {{ .whenUnsatisfiable }}
          labelSelector:
            matchLabels:
              {{- include "ecustoms-lib.selector" (list $ $.Chart.Name) | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "ecustoms-lib.image" . | quote }}
          imagePullPolicy: {{ $common.image.pullPolicy }}
          args:
            - serve
            - {{ .Chart.Name }}
            - --config=/etc/ecustoms/config/config.toml
            {{- if $common.sandbox.enabled }}
            - --demo
            {{- end }}
          env:
            {{- include "ecustoms-lib.serverEnv" (list . (list "postgres" "rabbitmq" "redis")) | trim | nindent 12 }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: 8080
            - name: operations
              containerPort: 9090
          {{- include "ecustoms-lib.probes" . | nindent 10 }}
          {{- if gt (int .Values.drain.preStopSeconds) 0 }}
          # While the pod leaves the Service it still serves: who has not heard of it yet is not turned away.
          lifecycle:
            preStop:
              sleep:
                seconds: {{ .Values.drain.preStopSeconds }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          securityContext:
            {{- include "ecustoms-lib.containerSecurity" . | nindent 12 }}
          volumeMounts:
            {{- include "ecustoms-lib.mounts" . | nindent 12 }}
      volumes:
        {{- include "ecustoms-lib.volumes" . | nindent 8 }}
{{- end -}}

{{/* Says something when more than one pod of this service may run. */}}
{{- define "ecustoms-lib.many" -}}
{{- if .Values.autoscaling.enabled -}}
{{- if gt (int .Values.autoscaling.maxReplicas) 1 }}yes{{ end -}}
{{- else if .Values.keda.enabled -}}
{{- if gt (int .Values.keda.maxReplicas) 1 }}yes{{ end -}}
{{- else if gt (int .Values.replicas) 1 }}yes{{ end -}}
{{- end -}}

{{/*
startup: the databases are there and have the schema this program needs. readiness: requests can be served now;
fails as soon as the process is told to stop. liveness: the process answers at all; asks nothing of others.
*/}}
{{- define "ecustoms-lib.probes" -}}
{{- $paths := dict "startup" "/startupz" "readiness" "/readyz" "liveness" "/livez" -}}
{{- range $name := list "startup" "readiness" "liveness" }}
{{- $probe := index $.Values.probes $name }}
{{ $name }}Probe:
  httpGet:
    path: {{ index $paths $name }}
    port: operations
  periodSeconds: {{ $probe.periodSeconds }}
  timeoutSeconds: {{ $probe.timeoutSeconds }}
  failureThreshold: {{ $probe.failureThreshold }}
{{- end }}
{{- end -}}

{{- define "ecustoms-lib.mounts" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
- name: config
  mountPath: /etc/ecustoms/config
  readOnly: true
- name: installation
  mountPath: /etc/ecustoms/installation
  readOnly: true
- name: data
  mountPath: /var/lib/ecustoms
- name: tmp
  mountPath: /tmp
{{- if eq .Chart.Name "gateway" }}
{{- if not $common.sandbox.enabled }}
- name: token-key
  mountPath: /etc/ecustoms/token-key
  readOnly: true
{{- end }}
{{- if include "ecustoms-lib.hasProvider" . }}
- name: oidc
  mountPath: /etc/ecustoms/oidc
  readOnly: true
{{- end }}
{{- end }}
{{- include "ecustoms-lib.trustMounts" . }}
{{- include "ecustoms-lib.sealMounts" . }}
{{- end -}}

{{- define "ecustoms-lib.volumes" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
- name: config
  configMap:
    name: {{ include "ecustoms-lib.fullname" . }}
- name: installation
  secret:
    secretName: {{ $common.installation.existingSecret | quote }}
    items:
      - {key: {{ $common.installation.key | quote }}, path: secret}
- name: data
  emptyDir:
    sizeLimit: 64Mi
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if eq .Chart.Name "gateway" }}
{{- if not $common.sandbox.enabled }}
- name: token-key
  secret:
    secretName: {{ $common.tokenKey.existingSecret | quote }}
    items:
      - {key: {{ $common.tokenKey.key | quote }}, path: token-key.pem}
{{- end }}
{{- if include "ecustoms-lib.hasProvider" . }}
- name: oidc
  secret:
    secretName: {{ $common.oidc.existingSecret | quote }}
    items:
      - {key: {{ $common.oidc.key | quote }}, path: client-{{ $common.oidc.proof }}}
{{- end }}
{{- end }}
{{- include "ecustoms-lib.trustVolumes" . }}
{{- include "ecustoms-lib.sealVolumes" . }}
{{- end -}}
