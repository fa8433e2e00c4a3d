{{- define "ecustoms-lib.svc" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . .Values.service.annotations) | nindent 2 }}
spec:
  type: ClusterIP
  selector:
    {{- include "ecustoms-lib.selector" (list . .Chart.Name) | nindent 4 }}
  ports:
    - name: http
      port: 8080
      targetPort: http
      appProtocol: http
    - name: operations
      port: 9090
      targetPort: operations
      appProtocol: http
{{- end -}}

{{- define "ecustoms-lib.serviceaccount" -}}
{{- if not .Values.serviceAccount.name -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . .Values.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.pdb" -}}
{{- if and .Values.disruptionBudget.enabled (include "ecustoms-lib.many" .) -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  maxUnavailable: {{ .Values.disruptionBudget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "ecustoms-lib.selector" (list . .Chart.Name) | nindent 6 }}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.hpa" -}}
{{- if .Values.autoscaling.enabled -}}
{{- with .Values.autoscaling -}}
{{- if lt (int .maxReplicas) (int .minReplicas) -}}
{{- fail (printf "%s: autoscaling.maxReplicas (%d) is below autoscaling.minReplicas (%d)" $.Chart.Name (int .maxReplicas) (int .minReplicas)) -}}
{{- end -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "ecustoms-lib.fullname" $ }}
  labels:
    {{- include "ecustoms-lib.labels" (list $ $.Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $ dict) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "ecustoms-lib.fullname" $ }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .cpuUtilization }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - {type: Pods, value: 1, periodSeconds: 60}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Scaling by what waits in the queues of the service. Over HTTP, because only the management interface counts what is
delivered and not yet acknowledged. A queue has one active consumer: more replicas than partitions would idle.
*/}}
{{- define "ecustoms-lib.scaledobject" -}}
{{- if .Values.keda.enabled -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- $partitions := int $common.rabbitmq.partitions -}}
{{- if not (has .Chart.Name (list "declarations" "guarantees" "references" "notifications" "statistics")) -}}
{{- fail (printf "%s: keda.enabled scales by a queue, and this service hears none; use autoscaling" .Chart.Name) -}}
{{- end -}}
{{- if gt (int .Values.keda.maxReplicas) $partitions -}}
{{- fail (printf "%s: keda.maxReplicas (%d) is above global.ecustoms.rabbitmq.partitions (%d): a partition has one active consumer, the rest would idle" .Chart.Name (int .Values.keda.maxReplicas) $partitions) -}}
{{- end -}}
{{- if lt (int .Values.keda.maxReplicas) (int .Values.keda.minReplicas) -}}
{{- fail (printf "%s: keda.maxReplicas (%d) is below keda.minReplicas (%d)" .Chart.Name (int .Values.keda.maxReplicas) (int .Values.keda.minReplicas)) -}}
{{- end -}}
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  secretTargetRef:
    - parameter: host
      name: {{ $common.rabbitmq.management.existingSecret | quote }}
      key: {{ $common.rabbitmq.management.key | quote }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "ecustoms-lib.fullname" . }}
  minReplicaCount: {{ .Values.keda.minReplicas }}
  maxReplicaCount: {{ .Values.keda.maxReplicas }}
  pollingInterval: 15
  cooldownPeriod: {{ .Values.keda.cooldownSeconds }}
  # When the broker cannot be asked, keep what works: more pods than the least stay.
  fallback:
    failureThreshold: 4
    behavior: currentReplicasIfHigher
    replicas: {{ .Values.keda.minReplicas }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: {{ .Values.keda.cooldownSeconds }}
          policies:
            - {type: Pods, value: 1, periodSeconds: 60}
  triggers:
    - type: rabbitmq
      metricType: AverageValue
      authenticationRef:
        name: {{ include "ecustoms-lib.fullname" . }}
      metadata:
        protocol: http
        mode: QueueLength
        useRegex: "true"
        operation: sum
        queueName: {{ printf "^ecustoms\\.%s\\.[0-9]+$" .Chart.Name | quote }}
        value: {{ .Values.keda.messagesPerReplica | quote }}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.servicemonitor" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- if $common.serviceMonitor.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
    {{- with $common.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "ecustoms-lib.selector" (list . .Chart.Name) | nindent 6 }}
  targetLabels: [app.kubernetes.io/component]
  endpoints:
    - port: operations
      path: /metrics
      interval: {{ $common.serviceMonitor.interval }}
      relabelings:
        - targetLabel: job
          replacement: ecustoms
        - targetLabel: role
          replacement: {{ .Chart.Name }}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.ingress" -}}
{{- with .Values.ingress -}}
{{- if .enabled -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "ecustoms-lib.fullname" $ }}
  labels:
    {{- include "ecustoms-lib.labels" (list $ $.Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $ .annotations) | nindent 2 }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .tlsSecret }}
  tls:
    - secretName: {{ . }}
      hosts:
        {{- toYaml $.Values.ingress.hosts | nindent 8 }}
  {{- end }}
  rules:
    {{- range .hosts }}
    - host: {{ . | quote }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ include "ecustoms-lib.fullname" $ }}
                port:
                  name: http
    {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.httproute" -}}
{{- with .Values.httpRoute -}}
{{- if .enabled -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ include "ecustoms-lib.fullname" $ }}
  labels:
    {{- include "ecustoms-lib.labels" (list $ $.Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $ .annotations) | nindent 2 }}
spec:
  parentRefs:
    {{- toYaml .parentRefs | nindent 4 }}
  hostnames:
    {{- toYaml .hostnames | nindent 4 }}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /
      backendRefs:
        - name: {{ include "ecustoms-lib.fullname" $ }}
          port: 8080
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.certificate" -}}
{{- with .Values.certificate -}}
{{- if .enabled -}}
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: {{ include "ecustoms-lib.fullname" $ }}
  labels:
    {{- include "ecustoms-lib.labels" (list $ $.Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list $ dict) | nindent 2 }}
spec:
  secretName: {{ .secretName | default (printf "%s-tls" (include "ecustoms-lib.fullname" $)) }}
  dnsNames:
    {{- toYaml .dnsNames | nindent 4 }}
  privateKey:
    algorithm: ECDSA
    size: 256
    rotationPolicy: Always
  issuerRef:
    {{- toYaml .issuerRef | nindent 4 }}
{{- end -}}
{{- end -}}
{{- end -}}
