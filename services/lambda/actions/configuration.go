package actions

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/collect"
	"surety/internal/resource"
	"surety/services/lambda"
	"surety/services/lambda/actions/features"
)

// ConfigurationReads are the permissions that [Configurations] needs: those that
// are bounded to functions, and those that cannot be bounded.
func ConfigurationReads() (function, anywhere []string) {
	return []string{"lambda:GetFunctionConfiguration", "lambda:ListFunctionEventInvokeConfigs"}, []string{"lambda:ListEventSourceMappings"}
}

// Configurations reads what of functions tells which permissions their roles need.
// It lists the event source mappings of a region once. It is not safe for
// concurrent use.
type Configurations struct {
	clients
	mappings map[resource.Region][]types.EventSourceMappingConfiguration
}

// NewConfigurations prepares its clients with [collect.Configure] itself.
func NewConfigurations(cfg aws.Config) *Configurations {
	return &Configurations{clients{collect.Configure(cfg)}, map[resource.Region][]types.EventSourceMappingConfiguration{}}
}

// Read reads the configuration of $LATEST, the destinations of all qualifiers, and
// the event source mappings of the function and all its qualifiers, also those that
// are switched off. What cannot be read is an error: it might call for anything.
func (c *Configurations) Read(ctx context.Context, fn *lambda.Function) (features.Configuration, error) {
	client := c.of(fn.ARN)
	out, err := client.GetFunctionConfiguration(ctx, &sdk.GetFunctionConfigurationInput{FunctionName: &fn.Name})
	if err != nil {
		return features.Configuration{}, fmt.Errorf("reading its configuration: %w", collect.Clarify(err))
	}
	has := features.Configuration{ARN: fn.ARN, Key: aws.ToString(out.KMSKeyArn), Durable: out.DurableConfig != nil}
	if out.LoggingConfig != nil {
		has.LogGroup = aws.ToString(out.LoggingConfig.LogGroup)
	}
	has.VPC = out.VpcConfig != nil && len(out.VpcConfig.SubnetIds) > 0
	has.Tracing = out.TracingConfig != nil && out.TracingConfig.Mode == types.TracingModeActive
	for _, l := range out.Layers {
		has.Layers = append(has.Layers, aws.ToString(l.Arn))
	}
	for _, f := range out.FileSystemConfigs {
		has.FileSystems = append(has.FileSystems, aws.ToString(f.Arn))
	}
	if out.DeadLetterConfig != nil && aws.ToString(out.DeadLetterConfig.TargetArn) != "" {
		has.Targets = append(has.Targets, *out.DeadLetterConfig.TargetArn)
	}
	invocations := sdk.NewListFunctionEventInvokeConfigsPaginator(client, &sdk.ListFunctionEventInvokeConfigsInput{FunctionName: &fn.Name})
	configs, err := every(ctx, "destinations of invocations", invocations, func(p *sdk.ListFunctionEventInvokeConfigsOutput) ([]types.FunctionEventInvokeConfig, *string) {
		return p.FunctionEventInvokeConfigs, p.NextMarker
	})
	if err != nil {
		return features.Configuration{}, err
	}
	for _, one := range configs {
		has.Targets = append(has.Targets, destinations(one.DestinationConfig)...)
	}
	has.Sources, err = c.sources(ctx, fn)
	return has, err
}

// destinations are the targets of a configuration, success and failure.
func destinations(d *types.DestinationConfig) []string {
	var all []string
	if d != nil && d.OnSuccess != nil && aws.ToString(d.OnSuccess.Destination) != "" {
		all = append(all, *d.OnSuccess.Destination)
	}
	if d != nil && d.OnFailure != nil && aws.ToString(d.OnFailure.Destination) != "" {
		all = append(all, *d.OnFailure.Destination)
	}
	return all
}

// sources are the event source mappings of a function.
func (c *Configurations) sources(ctx context.Context, fn *lambda.Function) ([]features.Source, error) {
	all, known := c.mappings[fn.Region]
	if !known {
		var err error
		if all, err = c.listMappings(ctx, fn.ARN); err != nil {
			return nil, err
		}
		c.mappings[fn.Region] = all
	}
	var sources []features.Source
	for _, m := range all {
		if lambda.Unqualified(aws.ToString(m.FunctionArn)) == fn.ARN {
			sources = append(sources, source(m))
		}
	}
	return sources, nil
}

func source(m types.EventSourceMappingConfiguration) features.Source {
	s := features.Source{ARN: aws.ToString(m.EventSourceArn), SelfManaged: m.SelfManagedEventSource != nil}
	for _, access := range m.SourceAccessConfigurations {
		if uri := aws.ToString(access.URI); strings.HasPrefix(uri, "arn:") && strings.Contains(uri, ":secretsmanager:") {
			s.Secrets = append(s.Secrets, uri)
		}
	}
	if kafka := m.AmazonManagedKafkaEventSourceConfig; kafka != nil && kafka.SchemaRegistryConfig != nil {
		s.Registry = registry(kafka.SchemaRegistryConfig)
	}
	if kafka := m.SelfManagedKafkaEventSourceConfig; kafka != nil && kafka.SchemaRegistryConfig != nil {
		s.Registry = registry(kafka.SchemaRegistryConfig)
	}
	if targets := destinations(m.DestinationConfig); len(targets) > 0 {
		s.Target = targets[0] // a mapping has one for failures only
	}
	return s
}

// registry is the ARN of a registry in AWS Glue; "" for one elsewhere.
func registry(r *types.KafkaSchemaRegistryConfig) string {
	if uri := aws.ToString(r.SchemaRegistryURI); strings.HasPrefix(uri, "arn:") {
		return uri
	}
	return ""
}
