package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/pakdeck/pakdeck/keystore"
	"github.com/pakdeck/pakdeck/keystore/journal"
	"github.com/pakdeck/pakdeck/tui/keymap"
	"github.com/pakdeck/pakdeck/tui/screen"
	"github.com/pakdeck/pakdeck/tui/screen/form/draft"
	"github.com/pakdeck/pakdeck/tui/theme"
	"github.com/pakdeck/pakdeck/tui/widget/layout"
	"github.com/pakdeck/pakdeck/tui/widget/prompt"
	"github.com/pakdeck/pakdeck/tui/widget/toast"
)

// Model is the root: it owns the frame, the places, the dialogs and the
// messages, and passes everything else to the screen that is shown.
type Model struct {
	ctx   context.Context
	opts  Options
	env   *screen.Env
	start screen.Go
	keys  keymap.Keymap // with all actions; env's may be for a read-only store

	area    layout.Screen
	places  places
	dialog  dialog // over the screen, or nil
	line    prompt.Model
	ahead   ahead
	says    says
	works   []*work // under way, the newest last
	poll    poll
	judging bool            // the linter runs
	report  *journal.Report // of the last check of the journal
	mouse   bool
	idle    idle
}

var _ tea.Model = Model{}

// New returns the dashboard as a model, for a program that the caller makes;
// see [Run]. Its commands end with ctx.
func New(ctx context.Context, o Options) (Model, error) {
	if o.Store == nil {
		return Model{}, errors.New("the dashboard needs a store")
	}
	start, err := follow(ctx, o.Store, o.Start)
	if err != nil {
		return Model{}, err
	}
	keys, err := keymap.New(Actions(), o.Keys)
	if err != nil {
		return Model{}, err
	}
	env := screen.NewEnv(ctx, o.Store)
	env.Keymap, env.Home, env.Zone, env.Demo = allowed(keys, o.Store), o.Home, time.UTC, o.OpenDemo != nil
	env.View = o.View
	env.Getenv, env.Local, env.Operator = uv.Environ(o.Env).Getenv, o.Local, o.Operator
	env.Theme = theme.New(o.Palette, glyphs(o.ASCII))
	return Model{
		ctx: ctx, opts: o, env: env, start: start, keys: keys,
		line: prompt.New(env.Theme, ":", nil), says: says{toast: toast.New(env.Theme)},
		poll:  poll{reading: true}, // by Init
		mouse: o.Mouse, idle: idle{limits: o.Idle},
	}, nil
}

// allowed returns the keymap for a store.
func allowed(keys keymap.Keymap, st *keystore.Store) keymap.Keymap {
	if st.ReadOnly() {
		return keys.ReadOnly()
	}
	return keys
}

func glyphs(ascii bool) theme.Glyphs {
	if ascii {
		return theme.ASCII()
	}
	return theme.Unicode()
}

// Init implements [tea.Model].
func (m Model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.read(), slowly(), m.idle.watch(), draft.Remind(m.env)}
	if m.opts.Palette == theme.Auto {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if syncOn(m.env.Getenv) {
		cmds = append(cmds, assumeSync)
	}
	return tea.Batch(cmds...)
}

// Update implements [tea.Model].
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.idle.somebody(msg)
	if press, ok := msg.(tea.KeyPressMsg); ok && m.idle.locked {
		cmd := m.unlock(press)
		return m, cmd
	}
	cmd := tea.Batch(m.route(msg), m.release())
	return m, cmd
}

// route gives a message to whom it is for: the root, the dialog, the screen.
func (m *Model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.MouseMsg:
		return m.point(msg)
	case tea.WindowSizeMsg:
		return m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		m.adapt(msg.IsDark())
		return nil
	case tea.FocusMsg, tea.BlurMsg, tea.ResumeMsg, tickMsg, loadedMsg, slowMsg:
		return m.polls(msg)
	case answerMsg, turnMsg, drawnMsg:
		return m.waits(msg)
	case demoMsg:
		return m.enterDemo(msg)
	case idleMsg:
		return m.idles()
	case unlockedMsg:
		return m.unlocked(msg.err)
	case judgedMsg:
		return m.hearJudge(msg)
	case workMsg:
		return m.worked(msg)
	case screen.Go, screen.Back, screen.Issued:
		return m.moves(msg)
	case screen.Say, screen.Failed, screen.Verified, screen.Ask, screen.Pick, screen.Remember, screen.Work, screen.Refresh, screen.Judge:
		return m.hears(msg)
	}
	return m.spread(msg)
}

// hears takes what a screen has to say.
func (m *Model) hears(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Say:
		return m.say(msg)
	case screen.Failed:
		return m.failed(msg)
	case screen.Verified:
		return m.verified(msg)
	case screen.Ask:
		return m.ask(msg)
	case screen.Pick:
		return m.pick(msg)
	case screen.Remember:
		return m.remember(msg.View)
	case screen.Work:
		return m.work(msg)
	case screen.Refresh:
		return m.reload()
	case screen.Judge:
		m.env.Verdict = m.env.Verdict.Stale(true)
		return m.judge()
	}
	return nil
}

// spread gives a message that is nobody's in particular to the widgets of the
// root and to the screens that are open; each takes its own.
func (m *Model) spread(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{m.says.update(msg)}
	if m.dialog != nil {
		cmds = append(cmds, m.tellDialog(msg))
	}
	return tea.Batch(append(cmds, m.places.spread(msg)...)...)
}

func (m *Model) resize(w, h int) tea.Cmd {
	m.area = layout.Of(w, h)
	m.line.SetWidth(max(0, w-2))
	return m.places.tell(m.size())
}

// size is what the screens are told of the area they have.
func (m Model) size() tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: m.area.Body.W, Height: m.area.Body.H}
}

// adapt chooses the colours for the terminal's background, once it has told.
func (m *Model) adapt(dark bool) {
	if m.opts.Palette != theme.Auto {
		return
	}
	palette := theme.Light
	if dark {
		palette = theme.Dark
	}
	m.env.Theme = theme.New(palette, glyphs(m.opts.ASCII))
	m.says.toast.SetTheme(m.env.Theme)
}
