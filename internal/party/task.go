package party

// TaskState is what became of a task that a cell gave a member.
type TaskState string

// The states. A withdrawn task counts as never given.
const (
	TaskOpen      TaskState = "open"
	TaskDone      TaskState = "done"
	TaskPartly    TaskState = "partly"
	TaskFailed    TaskState = "failed"
	TaskWithdrawn TaskState = "withdrawn"
)

// TaskResults lists the states in which a task ends, in the order in which pages show them.
var TaskResults = []TaskState{TaskDone, TaskPartly, TaskFailed, TaskWithdrawn}
