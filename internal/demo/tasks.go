package demo

import (
	"context"
	"fmt"

	"ketnap/internal/party"
	"ketnap/internal/task"
)

// jobs are what cells give their members to do.
var jobs = []string{"Phụ trách câu lạc bộ lý luận trẻ", "Giúp đỡ hai quần chúng ưu tú của lớp", "Tham gia đội tình nguyện hè", "Viết bài cho trang tin của chi bộ",
	"Phụ trách góc học tập của ký túc xá", "Tuyên truyền an toàn giao thông trong lớp"}

// fillTasks gives the members of each cell a task: done, partly and not done, open and overdue; some have
// none for long.
func (f *filler) fillTasks(ctx context.Context) error {
	tree, err := f.s.Organisations.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, o := range tree.Below(f.orgs[root.code]) {
		if org, ok := tree.Of(o); !ok || !org.Kind.IsCell() {
			continue
		}
		if err := f.giveTasks(ctx, o); err != nil {
			return fmt.Errorf("tasks of %d: %w", o, explained(err))
		}
	}
	return nil
}

func (f *filler) giveTasks(ctx context.Context, org int32) error {
	sheet, err := f.s.Tasks.Sheet(ctx, f.viewer, org)
	if err != nil {
		return err
	}
	early := task.Entry{Key: mark("tasks of the spring", int64(org)), OrgID: org, On: until.AddDays(-260)}
	late := task.Entry{Key: mark("tasks of the autumn", int64(org)), OrgID: org, On: until.AddDays(-60)}
	for i, m := range sheet.Members {
		t := task.Task{PersonID: m.PersonID, What: jobs[(int(org)+i)%len(jobs)]}
		if i%3 == 0 && !m.JoinedOn.After(early.On) {
			early.Given = append(early.Given, withDue(t, early.On.AddDays(50)))
		}
		if i%7 != 3 && !m.JoinedOn.After(late.On) {
			late.Given = append(late.Given, withDue(t, late.On.AddDays(30+10*(i%6))))
		}
	}
	if _, err := f.s.Tasks.Save(ctx, f.viewer, early); err != nil {
		return err
	}
	if err := f.endTasks(ctx, org, early.On.AddDays(55)); err != nil {
		return err
	}
	_, err = f.s.Tasks.Save(ctx, f.viewer, late)
	return err
}

func withDue(t task.Task, due party.Date) task.Task {
	t.DueOn = due
	return t
}

// endTasks enters the results of the tasks that were given before a day.
func (f *filler) endTasks(ctx context.Context, org int32, on party.Date) error {
	sheet, err := f.s.Tasks.Sheet(ctx, f.viewer, org)
	if err != nil {
		return err
	}
	in := task.Entry{Key: mark("results of the spring", int64(org)), OrgID: org, On: on}
	for i, t := range sheet.Open {
		if t.GivenOn.Before(on) {
			in.Ended = append(in.Ended, task.Task{ID: t.ID, Version: t.Version, State: party.TaskResults[i%4%3]})
		}
	}
	_, err = f.s.Tasks.Save(ctx, f.viewer, in)
	return err
}
