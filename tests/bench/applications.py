"""Documents of applications, the same on every machine.

Each application brings what applications bring: a few documents with
images, and many without.
"""

DEPLOYMENT = """\
# {name}: the front end, see the runbook before you touch the limits
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: team-{team}
  labels: {{app.kubernetes.io/name: {name}, tier: "front"}}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      securityContext:
        runAsNonRoot: true
      initContainers:
      - name: migrate
        image: quay.io/acme/migrate:v{replicas}.1.0
        args: ["--wait", "--timeout=30s"]
      containers:
      - name: web
        image: {image}  # kept in step by CI
        ports:
        - containerPort: 8080
        env:
        - name: GREETING
          value: "hello, world"
        resources:
          limits: {{cpu: 100m, memory: 128Mi}}
"""

CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}-backup
  namespace: team-{team}
spec:
  schedule: "{replicas} 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: backup
            image: 'registry.k8s.io/backup:1.{replicas}'
"""

OTHERS = ["""\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: team-{team}
automountServiceAccountToken: false
""", """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: team-{team}
  labels:
    app.kubernetes.io/name: {name}
spec:
  selector:
    app.kubernetes.io/name: {name}
  ports:
  - name: http
    port: 80
    targetPort: 8080
""", """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: team-{team}
data:
  log.level: info
  nginx.conf: |
    worker_processes  auto;
    events {{ worker_connections  1024; }}
    http {{
      server {{
        listen 8080;
        location / {{ proxy_pass http://127.0.0.1:3000; }}
      }}
    }}
""", """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
  namespace: team-{team}
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  rules:
  - host: {name}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service: {{name: {name}, port: {{number: 80}}}}
""", """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
  namespace: team-{team}
rules:
- apiGroups: [""]
  resources: ["configmaps", "secrets"]
  verbs: ["get", "list", "watch"]
- apiGroups: ["apps"]
  resources: ["deployments"]
  verbs: ["get"]
""", """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
  namespace: team-{team}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {name}
subjects:
- kind: ServiceAccount
  name: {name}
""", """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
  namespace: team-{team}
spec:
  minReplicas: 2
  maxReplicas: 10
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 80}}}}
""", """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
  namespace: team-{team}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {name}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {{}}
    ports:
    - port: 8080
"""]


DEPLOYMENT_IMAGES = 2
IMAGES = DEPLOYMENT_IMAGES + 1  # of an application


def fields(number):
    return {
        "name": f"app-{number}",
        "team": number % 40,
        "replicas": number % 9 + 1,
        "image": f"nginx:1.{number % 30}",
    }


def deployment(number):
    """The Deployment of one application, as a file of its own has it."""
    return DEPLOYMENT.format(**fields(number))


def stream(size, dense):
    """Yields the documents of one application after another, until there are
    `size` bytes. `dense` leaves out those without images, which is the worst
    case: every document is edited, and so read three times."""
    templates = [DEPLOYMENT, CRON_JOB] + ([] if dense else OTHERS)
    done = 0
    number = 0
    while done < size:
        text = "".join("---\n" + template.format(**fields(number))
                       for template in templates)
        done += len(text)
        yield text
        number += 1
