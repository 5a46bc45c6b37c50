{{- define "anshou.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "anshou.pod" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: root-secret
    secret: {secretName: {{ .Values.secrets.root }}, defaultMode: 0400}
  - name: keys-token
    secret: {secretName: {{ .Values.secrets.keys }}, defaultMode: 0400, items: [{key: token, path: token}]}
  - name: data
    emptyDir: {}
  - name: tmp
    emptyDir: {}
{{- end }}

{{- define "anshou.container" -}}
image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: root-secret, mountPath: /run/anshou, readOnly: true}
  - {name: keys-token, mountPath: /run/anshou-keys, readOnly: true}
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
envFrom:
  - secretRef: {name: {{ .Values.secrets.storage }}}
{{- end }}

{{- define "anshou.environment" -}}
- {name: ANSHOU_DATA_DIR, value: /data}
- {name: ANSHOU_SECRET_FILE, value: /run/anshou/secret}
- {name: ANSHOU_BASE_URL, value: {{ .Values.baseUrl | quote }}}
- {name: ANSHOU_LOG_LEVEL, value: {{ .Values.logLevel | quote }}}
- name: ANSHOU_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.secrets.database }}, key: url}}
- name: ANSHOU_STORAGE_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.secrets.storage }}, key: url}}
- name: ANSHOU_ERASURES_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.secrets.erasures }}, key: url}}
- name: ANSHOU_KMS_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.secrets.keys }}, key: url}}
- {name: ANSHOU_KMS_TOKEN_FILE, value: /run/anshou-keys/token}
{{- with .Values.secrets.mail }}
- name: ANSHOU_SMTP_URL
  valueFrom: {secretKeyRef: {name: {{ . }}, key: url}}
{{- end }}
{{- with .Values.secrets.broker }}
- name: ANSHOU_BROKER_URL
  valueFrom: {secretKeyRef: {name: {{ . }}, key: url}}
{{- end }}
{{- with .Values.mailFrom }}
- {name: ANSHOU_MAIL_FROM, value: {{ . | quote }}}
{{- end }}
{{- end }}

{{/* A database that was restored loses again what was erased since its backup, before anybody reads. */}}
{{- define "anshou.erasures" -}}
initContainers:
  - name: erasures
    {{- include "anshou.container" . | nindent 4 }}
    args: [erasures, reapply]
    env:
      {{- include "anshou.environment" . | nindent 6 }}
    resources:
      {{- toYaml .Values.migrate.resources | nindent 6 }}
{{- end }}
