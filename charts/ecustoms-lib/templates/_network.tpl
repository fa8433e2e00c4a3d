{{/*
Who may reach this service and whom it may reach, from the map in _defaults.tpl. Everything else is closed by the
umbrella's policy for all pods of the release.
*/}}
{{- define "ecustoms-lib.networkpolicy" -}}
{{- $common := include "ecustoms-lib.common" . | fromYaml -}}
{{- if $common.networkPolicy.enabled -}}
{{- $map := include "ecustoms-lib.map" . | fromYaml -}}
{{- $own := index $map .Chart.Name | default dict -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "ecustoms-lib.fullname" . }}
  labels:
    {{- include "ecustoms-lib.labels" (list . .Chart.Name) | nindent 4 }}
  {{- include "ecustoms-lib.annotations" (list . dict) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "ecustoms-lib.selector" (list . .Chart.Name) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports: [{port: http, protocol: TCP}]
      {{- if eq .Chart.Name "gateway" }}
      {{- with $common.networkPolicy.clients }}
      from:
        {{- toYaml . | nindent 8 }}
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.selector" (list $ "test") | nindent 14 }}
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.selector" (list $ "status") | nindent 14 }}
        # Jobs of the operator, which is a release of its own in this namespace.
        {{- range list "import" "replay" }}
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.beside" . | nindent 14 }}
        {{- end }}
      {{- end }}
      {{- else }}
      from:
        {{- range $caller, $theirs := $map }}
        {{- if has $.Chart.Name $theirs.asks }}
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.selector" (list $ $caller) | nindent 14 }}
        {{- end }}
        {{- end }}
      {{- end }}
    - ports: [{port: operations, protocol: TCP}]
      {{- with $common.networkPolicy.metrics }}
      from:
        {{- toYaml . | nindent 8 }}
        {{- if eq $.Chart.Name "gateway" }}
        # The operator asks which bundle of trust is in use.
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.beside" "operator" | nindent 14 }}
        {{- end }}
      {{- end }}
  egress:
    {{- include "ecustoms-lib.dnsRule" . | nindent 4 }}
    {{- range $own.asks }}
    - ports: [{port: 8080, protocol: TCP}]
      to:
        - podSelector:
            matchLabels:
              {{- include "ecustoms-lib.selector" (list $ .) | nindent 14 }}
    {{- end }}
    {{- range $own.servers }}
    {{- include "ecustoms-lib.serverRule" (list $ .) | nindent 4 }}
    {{- end }}
    {{- if $common.telemetry.otlpEndpoint }}
    - ports: [{port: {{ $common.telemetry.otlpPort }}, protocol: TCP}]
      {{- with $common.telemetry.peers }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if include "ecustoms-lib.hasProvider" . }}
    # The provider of identities.
    - ports: [{port: {{ $common.oidc.port }}, protocol: TCP}]
      {{- with $common.oidc.peers }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if include "ecustoms-lib.fetches" . }}
    {{- $asked := $common.fetch.lists }}
    {{- range $common.fetch.responders }}{{ $asked = append $asked .url }}{{ end }}
    # Who publishes lists of revoked certificates, and responders.
    - ports:
        {{- range include "ecustoms-lib.ports" $asked | fromYamlArray }}
        - {port: {{ int . }}, protocol: TCP}
        {{- end }}
      {{- with $common.fetch.peers }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if include "ecustoms-lib.archives" . }}
    # The timestamp authority.
    - ports:
        {{- range include "ecustoms-lib.ports" (list $common.archive.authorityUrl) | fromYamlArray }}
        - {port: {{ int . }}, protocol: TCP}
        {{- end }}
      {{- with $common.archive.peers }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- range $own.outside }}
    # Outside the cluster only: no address that a network of one's own may have.
    - ports: [{port: {{ . }}, protocol: TCP}]
      to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
        - ipBlock:
            cidr: ::/0
            except: ["::1/128", "fc00::/7", "fe80::/10"]
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "ecustoms-lib.dnsRule" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
  {{- with (include "ecustoms-lib.common" . | fromYaml).networkPolicy.dns }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The way to one server: list of context and name. */}}
{{- define "ecustoms-lib.serverRule" -}}
{{- $server := index (include "ecustoms-lib.common" (index . 0) | fromYaml) (index . 1) -}}
- ports: [{port: {{ $server.port }}, protocol: TCP}]
  {{- with $server.peers }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
