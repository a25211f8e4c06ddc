// Command control-plane is the Kubernetes control plane that the tests run against, in one binary:
// etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok (which keeps the
// fake nodes alive). Which one it is follows from the name that it is called by, so build.sh links
// it under each of them. One binary, because the six share most of their code: 140 MB in place of
// 440 MB, and one link.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

// main makes only the command that is asked for: each registers flags of its own on shared sets.
func main() {
	name := filepath.Base(os.Args[0])
	if name == "etcd" {
		etcdmain.Main(os.Args)
		return
	}
	command, err := command(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(cli.Run(command))
}

func command(name string) (*cobra.Command, error) {
	switch name {
	case "kube-apiserver":
		return apiserver.NewAPIServerCommand(), nil
	case "kube-controller-manager":
		return controllermanager.NewControllerManagerCommand(), nil
	case "kube-scheduler":
		return scheduler.NewSchedulerCommand(), nil
	case "kubectl":
		return kubectl.NewDefaultKubectlCommand(), nil
	case "kwok":
		return kwokCommand()
	}
	return nil, fmt.Errorf("called as %q; link it as etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl or kwok", name)
}

// kwokCommand reads kwok's configuration files before its command exists, as kwok's own main does.
func kwokCommand() (*cobra.Command, error) {
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(signals.SetupSignalContext(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err != nil {
		return nil, err
	}
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	command.SetContext(ctx)
	// component-base has put a "version" flag of another type on the shared set; cobra must not add its own.
	command.Version = ""
	return command, nil
}
