package features

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Configuration is what of a function tells which permissions its role needs. The
// zero value of a member is "not configured".
type Configuration struct {
	ARN         string // of the function, without qualifier
	LogGroup    string // "" is AWS's default, /aws/lambda/NAME
	VPC         bool   // attached to subnets
	Tracing     bool   // active
	Durable     bool
	Edge        bool     // has Lambda@Edge replicas
	Layers      []string // ARNs with version
	FileSystems []string // ARNs of access points
	Key         string   // ARN of the key of the environment
	Targets     []string // ARNs of the dead letter queue and of the destinations of invocations
	Sources     []Source // event source mappings of the function and its qualifiers
}

// Source is an event source mapping.
type Source struct {
	ARN         string // "" for self-managed brokers
	SelfManaged bool
	Secrets     []string // ARNs
	Registry    string   // ARN of a schema registry in AWS Glue
	Target      string   // of what failed: an ARN, or kafka://TOPIC
}

// service names the value that says of which service a target is.
const service = "service"

// Values that grants of the table name.
const (
	valueLogGroup    = "LogGroup"
	valueSource      = "Source"
	valueStream      = "Stream"
	valueConsumer    = "Consumer"
	valueCluster     = "Cluster"
	valueSecret      = "Secret"
	valueRegistry    = "Registry"
	valueTarget      = "Target"
	valueAccessPoint = "AccessPoint"
	valueKey         = "Key"
)

// uses returns the values of each use that the function makes of a feature; nil
// for none.
func (c Configuration) uses(r row) []map[string]string {
	name := c.ARN[strings.LastIndexByte(c.ARN, ':')+1:]
	if r.Layer != "" {
		return once(slices.ContainsFunc(c.Layers, func(arn string) bool { return strings.HasPrefix(layerName(arn), r.Layer) }))
	}
	switch r.ID {
	case "logging":
		group := c.LogGroup
		if group == "" {
			group = "/aws/lambda/" + name
		}
		return []map[string]string{{valueLogGroup: group}}
	case "vpc":
		return once(c.VPC)
	case "tracing":
		return once(c.Tracing)
	case "durable":
		return once(c.Durable)
	case "edge":
		return once(c.Edge)
	case "object-lambda":
		return once(true)
	case "environment-key":
		return each(valueKey, c.Key)
	case "efs":
		return each(valueAccessPoint, ofService("elasticfilesystem", c.FileSystems)...)
	case "s3files":
		return each(valueAccessPoint, ofService("s3files", c.FileSystems)...)
	case "destination":
		return c.targets()
	}
	var all []map[string]string
	for _, s := range c.Sources {
		if s.feature() == r.ID {
			all = append(all, s.uses()...)
		}
	}
	return all
}

// unknown says which part of the configuration no row of the table speaks of: what
// it calls for cannot be told.
func (c Configuration) unknown(rows []row) error {
	has := func(id string) bool { return slices.ContainsFunc(rows, func(r row) bool { return r.ID == id }) }
	for _, s := range c.Sources {
		if !has(s.feature()) {
			return fmt.Errorf("its event source %q is of a kind that this version does not know", s.ARN)
		}
	}
	for _, arn := range c.FileSystems {
		if len(ofService("elasticfilesystem", []string{arn}))+len(ofService("s3files", []string{arn})) == 0 {
			return fmt.Errorf("its file system %q is of a kind that this version does not know", arn)
		}
	}
	for _, t := range c.targets() {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.To[t[service]] != nil }) {
			return fmt.Errorf("its destination %q is of a kind that this version does not know", t[valueTarget])
		}
	}
	return nil
}

func once(is bool) []map[string]string {
	if !is {
		return nil
	}
	return []map[string]string{{}}
}

func each(name string, values ...string) []map[string]string {
	var all []map[string]string
	for _, v := range values {
		if v != "" {
			all = append(all, map[string]string{name: v})
		}
	}
	return all
}

// layerName is the name in a layer version's ARN.
func layerName(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) == 8 && parts[5] == "layer" {
		return parts[6]
	}
	return ""
}

// serviceOf is the service in an ARN.
func serviceOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 4); len(parts) == 4 && parts[0] == "arn" {
		return parts[2]
	}
	return ""
}

func ofService(name string, arns []string) []string {
	return slices.DeleteFunc(slices.Clone(arns), func(arn string) bool { return serviceOf(arn) != name })
}

// targets are the uses of destinations, those of event source mappings too.
func (c Configuration) targets() []map[string]string {
	var all []map[string]string
	for _, arn := range c.Targets {
		all = append(all, map[string]string{valueTarget: arn, service: serviceOf(arn)})
	}
	for _, s := range c.Sources {
		switch {
		case s.Target == "":
		case strings.HasPrefix(s.Target, "kafka://"):
			all = append(all, map[string]string{service: "kafka", valueCluster: cluster(s.ARN)})
		default:
			all = append(all, map[string]string{valueTarget: s.Target, service: serviceOf(s.Target)})
		}
	}
	return all
}

// feature is the id of a mapping's row.
func (s Source) feature() string {
	switch of := serviceOf(s.ARN); {
	case s.SelfManaged:
		return "self-managed-kafka"
	case of == "rds":
		return "documentdb"
	default:
		return of
	}
}

// uses returns the values of a mapping, once for each secret that it has.
func (s Source) uses() []map[string]string {
	values := map[string]string{}
	put := func(name, value string) {
		if value != "" {
			values[name] = value
		}
	}
	stream, consumer, _ := strings.Cut(s.ARN, "/consumer/")
	if table, _, is := strings.Cut(s.ARN, "/stream/"); is {
		stream = table + "/stream/*"
	}
	put(valueSource, s.ARN)
	put(valueStream, stream)
	put(valueRegistry, s.Registry)
	put(valueCluster, cluster(s.ARN))
	if consumer != "" {
		put(valueConsumer, s.ARN)
	}
	if len(s.Secrets) == 0 {
		return []map[string]string{values}
	}
	var all []map[string]string
	for _, secret := range s.Secrets {
		put(valueSecret, secret)
		all = append(all, maps.Clone(values))
	}
	return all
}

// cluster is NAME/ID of a Kafka cluster; "*" where it cannot be told.
func cluster(arn string) string {
	if _, name, is := strings.Cut(arn, ":cluster/"); is && serviceOf(arn) == "kafka" {
		return name
	}
	return "*"
}
