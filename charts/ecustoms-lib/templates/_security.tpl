{{/* The restricted profile of Pod Security, and a little more: one user, nothing to write to. */}}
{{- define "ecustoms-lib.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "ecustoms-lib.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
privileged: false
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
What every pod of ours has. Service links are off: they would put ECUSTOMS_..._PORT into the environment of a
release named ecustoms, and the program refuses variables it does not know.
*/}}
{{- define "ecustoms-lib.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "ecustoms-lib.podSecurity" . | nindent 2 }}
{{- with (include "ecustoms-lib.common" . | fromYaml).imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* On which nodes and how urgently a pod runs that is none of a service: its section of the values. */}}
{{- define "ecustoms-lib.placing" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The addresses of the servers, from Secrets that exist. Argument: list of context and names of servers. */}}
{{- define "ecustoms-lib.serverEnv" -}}
{{- $common := include "ecustoms-lib.common" (index . 0) | fromYaml -}}
{{- range index . 1 }}
{{- $server := index $common . }}
- name: ECUSTOMS_{{ upper . }}_URL
  valueFrom:
    secretKeyRef:
      name: {{ $server.existingSecret | quote }}
      key: {{ $server.key | quote }}
{{- end }}
{{- end -}}
