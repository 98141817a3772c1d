function Write-Output { param([Parameter(ValueFromPipeline)] $InputObject) process { $InputObject } }
