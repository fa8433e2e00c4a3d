{{/* What holds for the whole installation unless `global.ecustoms` says otherwise; described in the umbrella's values.yaml. */}}
{{- define "ecustoms-lib.defaults" -}}
image:
  registry: ""
  repository: ecustoms
  tag: ""
  digest: ""
  pullPolicy: IfNotPresent
imagePullSecrets: []
commonLabels: {}
commonAnnotations: {}
publicUrl: ""
trustedProxies: 0
postgres:
  existingSecret: ecustoms-postgres
  key: url
  port: 5432
  connectionsMax: 8
  peers: []
rabbitmq:
  existingSecret: ecustoms-rabbitmq
  key: url
  port: 5672
  partitions: 4
  peers: []
  management:
    existingSecret: ecustoms-rabbitmq-management
    key: url
redis:
  existingSecret: ecustoms-redis
  key: url
  port: 6379
  peers: []
installation:
  existingSecret: ecustoms-installation
  key: secret
tokenKey:
  existingSecret: ecustoms-token-key
  key: token-key.pem
oidc:
  issuer: ""
  clientId: ""
  proof: secret
  existingSecret: ecustoms-oidc
  key: client-secret
  scopes: []
  claim: iin
  scheme: kz-iin
  labels: {}
  redirectBases: []
  acrValues: []
  port: 443
  peers: []
telemetry:
  filter: warn,customs=info,ecustoms=info
  otlpEndpoint: ""
  otlpPort: 4318
  tracesPerThousand: 1000
  peers: []
authorities: []
trust:
  anchors: {configMap: "", secret: ""}
  intermediates: {configMap: "", secret: ""}
  crls: {configMap: "", secret: ""}
  timestampers: {configMap: "", secret: ""}
fetch:
  lists: []
  responders: []
  certificates: {configMap: "", secret: ""}
  everyS: 900
  peers: []
archive:
  authorityUrl: ""
  everyS: 3600
  renewS: 31536000
  renewAheadS: 5184000
  renewStampedBefore: ""
  peers: []
seal:
  existingSecret: ""
  keyFile: seal.p12
  passwordFile: password
  device:
    module: ""
    token: ""
    keyLabel: ""
    certificateFile: seal.der
    mountPath: /opt/device
    volume: {}
  former: {configMap: "", secret: ""}
settings:
  declarations: {}
  references: {}
  signatures: {}
  limits: {}
sandbox:
  enabled: false
networkPolicy:
  enabled: true
  clients: []
  metrics: []
  dns: []
serviceMonitor:
  enabled: false
  interval: 30s
  labels: {}
{{- end -}}

{{/*
The one map of who asks whom and who needs which server. Addresses of services in the configuration and the
NetworkPolicies are both made from it, so that neither can forget an edge of the other.
*/}}
{{- define "ecustoms-lib.map" -}}
gateway:
  asks: [declarations, guarantees, references, web-broker, notifications, statistics]
  servers: [rabbitmq, redis]
declarations:
  asks: [references, web-broker]
  servers: [postgres, rabbitmq, redis]
guarantees:
  asks: []
  servers: [postgres, rabbitmq, redis]
references:
  asks: []
  servers: [postgres, rabbitmq, redis]
web-broker:
  asks: [declarations]
  servers: [postgres, rabbitmq, redis]
notifications:
  asks: []
  servers: [postgres, rabbitmq, redis]
  # Webhooks go to participants' servers.
  outside: [443]
statistics:
  asks: []
  servers: [postgres, rabbitmq, redis]
{{- end -}}
