package cli

import "regexp"

// Names as AWS writes them. Sources: the patterns of FunctionArn, Qualifier and
// OrganizationId in the API references of Lambda and Organizations.
var (
	functionARN    = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,140}$`)
	anyFunctionARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,140}(:(\$LATEST|[a-zA-Z0-9_-]{1,128}))?$`)
	qualifierName  = regexp.MustCompile(`^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9_-]{1,128})$`)
	accountID      = regexp.MustCompile(`^\d{12}$`)
	orgID          = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	principalARN   = regexp.MustCompile(`^arn:aws[a-z-]*:(iam::\d{12}:(user|role)/|sts::\d{12}:(assumed-role|federated-user)/)[^*?$]+$`)
	regionCode     = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)
	unitID         = regexp.MustCompile(`^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$`)
	serviceName    = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)
