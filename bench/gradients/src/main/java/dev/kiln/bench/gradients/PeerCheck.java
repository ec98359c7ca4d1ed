package dev.kiln.bench.gradients;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/// Deeplearning4j's check of one case, with the settings of its own tests: a step of 1e-6, a relative error of 1e-3, an absolute one of 1e-8, every element of every weight.
final class PeerCheck {
    private static final int SEED = 12345;

    private PeerCheck() {}

    static Said of(Case of) {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        Nd4j.getRandom().setSeed(SEED);
        MultiLayerNetwork net = network(of.peer());
        if (of.still()) net.params().assign(0);
        INDArray input = switch (of.peer()) {
            case RELU -> Nd4j.randn(1, 1);
            case POOL -> Nd4j.randn(new int[] {1, 1, 1, 2});
            case LSTM -> Nd4j.randn(new int[] {2, 2, 5});
            default -> Nd4j.randn(4, 5);
        };
        INDArray labels = switch (of.peer()) {
            case RELU -> Nd4j.randn(1, 1);
            case POOL -> Nd4j.create(new double[] {0.5}, 1, 1, 1, 1);
            case LSTM -> Nd4j.randn(new int[] {2, 3, 5});
            case OFFSET -> Nd4j.zeros(4, 3).addi(1e8);
            default -> Nd4j.randn(4, 3);
        };
        var config = new MLNConfig().net(net).input(input).labels(labels).epsilon(1e-6).maxRelError(1e-3).minAbsoluteError(1e-8).print(PrintMode.FAILURES_ONLY).exitOnFirstError(true);
        if (of.peer() == Case.Peer.DROPOUT) config.callEachIter(_ -> Nd4j.getRandom().setSeed(SEED));
        return said(config);
    }

    private static MultiLayerNetwork network(Case.Peer peer) {
        var builder = new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE).updater(new NoOp()).trainingWorkspaceMode(WorkspaceMode.NONE).inferenceWorkspaceMode(WorkspaceMode.NONE).list();
        Layer loss = new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build();
        switch (peer) {
            case POOL -> builder.layer(new ConvolutionLayer.Builder(1, 1).nIn(1).nOut(1).hasBias(false).activation(Activation.IDENTITY).build())
                    .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(1, 2).stride(1, 2).build())
                    .layer(new CnnLossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build()).setInputType(InputType.convolutional(1, 2, 1));
            case LSTM -> builder.layer(new LSTM.Builder().nIn(2).nOut(3).activation(Activation.TANH).build()).layer(new RnnLossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build());
            case RELU -> builder.layer(dense(1, 1).activation(Activation.RELU).build()).layer(loss);
            case TANH -> builder.layer(dense(5, 3).activation(Activation.TANH).build()).layer(loss);
            case DROPOUT -> builder.layer(dense(5, 3).activation(new ActivationIdentity()).dropOut(0.5).build()).layer(loss);
            case SIGMOID, SQUARE, NEARLY, WAVE, OFFSET -> builder.layer(dense(5, 3).activation(new Odd(peer)).build()).layer(loss);
        }
        var net = new MultiLayerNetwork(builder.build());
        net.init();
        return net;
    }

    private static DenseLayer.Builder dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).hasBias(false);
    }

    /// What the checker logs is its message.
    private static Said said(MLNConfig config) {
        var log = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        long begin = System.nanoTime();
        String verdict;
        String message = "";
        try {
            verdict = GradientCheckUtil.checkGradients(config) ? "PASS" : "FAIL";
        } catch (IllegalStateException | IllegalArgumentException refused) {
            verdict = "FAIL";
            message = String.valueOf(refused.getMessage());
        } finally {
            System.setOut(out);
        }
        double milliseconds = (System.nanoTime() - begin) / 1e6;
        if (message.isEmpty() && verdict.equals("FAIL")) message = log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("FAILED")).findFirst().map(line -> line.substring(line.indexOf(" - ") + 3)).orElse("");
        return new Said(verdict, message, milliseconds);
    }
}
